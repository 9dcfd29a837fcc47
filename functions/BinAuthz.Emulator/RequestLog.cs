using System.Collections.Concurrent;

namespace BinAuthz.Emulator;

/// <summary>The requests that were answered, oldest first; the last hundred thousand are kept.</summary>
public sealed class RequestLog
{
    private const int Capacity = 100_000;
    private readonly ConcurrentQueue<RecordedRequest> requests = new();

    /// <summary>A copy of what is kept.</summary>
    public IReadOnlyList<RecordedRequest> Snapshot() => [.. requests];

    /// <summary>How many kept requests were for a method whose name ends in <paramref name="method"/>.</summary>
    public int Count(string method) => requests.Count(request => request.Method.EndsWith(method, StringComparison.Ordinal));

    /// <summary>Forgets everything.</summary>
    public void Clear() => requests.Clear();

    internal void Add(RecordedRequest request)
    {
        requests.Enqueue(request);
        while (requests.Count > Capacity)
        {
            requests.TryDequeue(out _);
        }
    }
}
