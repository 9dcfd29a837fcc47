using System.Collections.Concurrent;

namespace BinAuthz.Cli.Demo;

/// <summary>What the function's process printed, to be waited for.</summary>
internal sealed class FunctionLog
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private readonly ConcurrentQueue<string> lines = new();

    /// <summary>Keeps a line.</summary>
    public void Add(string line) => lines.Enqueue(line);

    /// <summary>Waits until the function has told how events ended.</summary>
    /// <param name="about">A digest, or the id of a message.</param>
    /// <param name="outcome">Such as <c>signed</c>; empty for any.</param>
    /// <param name="times">How many events.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it came to that.</returns>
    public async Task<bool> WaitAsync(string about, string outcome, int times, CancellationToken cancellationToken)
    {
        var ended = outcome.Length == 0 ? " ended " : $" ended {outcome}:";
        var started = TimeProvider.System.GetTimestamp();
        while (lines.Count(line => line.Contains(about, StringComparison.Ordinal) && line.Contains(ended, StringComparison.Ordinal)) < times)
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                return false;
            }

            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }
}
