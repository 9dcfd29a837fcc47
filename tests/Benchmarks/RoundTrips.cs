using System.Collections.Concurrent;
using System.Diagnostics;

namespace Benchmarks;

/// <summary>Listens to the HTTP requests that this process sends to one server, and counts how many followed one another.</summary>
internal sealed class RoundTrips : IDisposable
{
    private readonly ConcurrentQueue<(string Address, DateTime Start, DateTime End)> calls = new();
    private readonly ActivityListener listener;

    public RoundTrips(Uri server)
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.OperationName == "System.Net.Http.HttpRequestOut" && Equals(activity.GetTagItem("server.port"), server.Port))
                {
                    calls.Enqueue(((string?)activity.GetTagItem("url.full") ?? "", activity.StartTimeUtc, activity.StartTimeUtc + activity.Duration));
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>Forgets what was sent.</summary>
    public void Clear() => calls.Clear();

    /// <summary>How many requests were sent.</summary>
    public int Total => calls.Count;

    /// <summary>The longest chain of requests of which each began after the one before had ended, up to the last call of a method.</summary>
    /// <param name="method">The end of its address, such as <c>CreateOccurrence</c>.</param>
    public int SequentialUntil(string method)
    {
        var (chain, end) = (0, DateTime.MinValue);
        var last = calls.Where(call => call.Address.EndsWith(method, StringComparison.Ordinal)).Max(call => call.End);
        foreach (var call in calls.Where(call => call.End <= last).OrderBy(call => call.End))
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
