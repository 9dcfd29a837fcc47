using System.Collections.Concurrent;
using System.Diagnostics;

namespace Benchmarks;

/// <summary>Listens to every HTTP request that this process sends, and counts how many followed one another.</summary>
internal sealed class RoundTrips : IDisposable
{
    private readonly ConcurrentQueue<(DateTime Start, DateTime End)> calls = new();
    private readonly ActivityListener listener;

    public RoundTrips()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.OperationName == "System.Net.Http.HttpRequestOut")
                {
                    calls.Enqueue((activity.StartTimeUtc, activity.StartTimeUtc + activity.Duration));
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>Forgets what was sent.</summary>
    public void Clear() => calls.Clear();

    /// <summary>How many requests were sent.</summary>
    public int Total => calls.Count;

    /// <summary>The longest chain of requests of which each began after the one before had ended.</summary>
    public int Sequential()
    {
        var (chain, end) = (0, DateTime.MinValue);
        foreach (var call in calls.OrderBy(call => call.End))
        {
            if (call.Start >= end)
            {
                (chain, end) = (chain + 1, call.End);
            }
        }

        return chain;
    }

    public void Dispose() => listener.Dispose();
}
