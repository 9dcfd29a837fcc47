using System.Collections.Concurrent;
using BinAuthz.Alerting;

namespace BinAuthz.EndToEnd.Tests.Alerting;

/// <summary>A channel that keeps what it took; as often as it is told to, it fails instead.</summary>
internal sealed class RecordingChannel(string name) : IAlertChannel
{
    private readonly ConcurrentQueue<Alert> taken = new();
    private int attempts;
    private int failures;

    public string Name => name;

    public IReadOnlyList<Alert> Taken => [.. taken];

    public int Attempts => attempts;

    public void FailNext(int times) => failures = times;

    public Task SendAsync(Alert alert, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref attempts);
        if (Interlocked.Decrement(ref failures) >= 0)
        {
            throw new AlertChannelException(name, "It was answered 503.", isTransient: true);
        }

        taken.Enqueue(alert);
        return Task.CompletedTask;
    }
}
