using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Signing;

/// <summary>What went wrong with single images while others were signed. It may be filled by several at once.</summary>
internal sealed class SigningFailures
{
    private readonly ConcurrentQueue<Exception> failures = new();

    /// <summary>Whether it is a failure that holds back no other image: a call that was refused or not answered, or something that somebody has to mend.</summary>
    public static bool Covers(Exception error) => error is GoogleCallException or SigningException or CorruptedInTransitException or NotYetException;

    /// <summary>Whether everything may succeed in a few seconds, without anyone mending anything.</summary>
    public bool MayPassSoon => failures.All(IsTransient);

    /// <summary>The number of failures.</summary>
    public int Count => failures.Count;

    /// <summary>Runs <paramref name="act"/> for each of <paramref name="all"/>, <paramref name="atOnce"/> at a time, and keeps what fails.</summary>
    public Task CollectAsync<T>(IEnumerable<T> all, int atOnce, Func<T, CancellationToken, Task> act, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken }, async (each, token) => await CollectAsync(() => act(each, token)).ConfigureAwait(false));

    /// <summary>Runs <paramref name="act"/>, and keeps what fails.</summary>
    public async Task CollectAsync(Func<Task> act)
    {
        try
        {
            await act().ConfigureAwait(false);
        }
        catch (Exception error) when (Covers(error))
        {
            failures.Enqueue(error);
        }
    }

    /// <summary>Throws one of the failures, if there are any: the one that somebody has to mend before any other.</summary>
    public void ThrowIfAny()
    {
        if ((failures.FirstOrDefault(error => !IsTransient(error)) ?? failures.FirstOrDefault()) is { } worst)
        {
            ExceptionDispatchInfo.Throw(worst);
        }
    }

    private static bool IsTransient(Exception error) => error is GoogleCallException { IsTransient: true };
}
