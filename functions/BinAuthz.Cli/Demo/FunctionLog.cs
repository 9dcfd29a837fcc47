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

    /// <summary>How many lines tell that the function ended with <paramref name="outcome"/> for an image.</summary>
    public int Count(string digest, string outcome) => lines.Count(line => line.Contains(digest, StringComparison.Ordinal) && line.Contains($"ended {outcome}:", StringComparison.Ordinal));

    /// <summary>Waits for one more such line than <paramref name="before"/>.</summary>
    /// <returns>Whether it came.</returns>
    public async Task<bool> WaitAsync(string digest, string outcome, int before, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (Count(digest, outcome) <= before)
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
