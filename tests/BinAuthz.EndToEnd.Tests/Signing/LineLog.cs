using System.Collections.Concurrent;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>What a process printed, to be waited for.</summary>
internal sealed class LineLog
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyCollection<string> Lines => lines;

    public void Add(string line) => lines.Enqueue(line);

    /// <summary>Waits for a line with <paramref name="text"/> in it.</summary>
    public async Task<bool> ContainsAsync(string text, CancellationToken cancellationToken) =>
        await Eventually.HoldsAsync(() => Task.FromResult(lines.Any(line => line.Contains(text, StringComparison.Ordinal))), TimeSpan.FromSeconds(30), PollInterval, cancellationToken);
}
