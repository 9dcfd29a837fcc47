using BinAuthz.GoogleCloud;

namespace BinAuthz.Cli.Waiting;

/// <summary>Looks again and again, ever more slowly, until every attestor has attested, one has refused, or the time is over.</summary>
/// <param name="look">One look at all attestors; each reads the keys that they have at that moment.</param>
/// <param name="tell">Is told what keeps it, whenever that changes.</param>
/// <param name="time">By which the time runs out.</param>
internal sealed class AttestationWait(Func<CancellationToken, Task<IReadOnlyList<AttestorLook>>> look, Action<string> tell, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    // Binary Authorization allows a project 100 reads a minute, and several pipelines may wait at once.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>Waits; looks at least once, and a last time when the time is over.</summary>
    /// <param name="timeout">How long.</param>
    /// <param name="recent">How long before the wait a rejection may have been made and still end it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="GoogleCallException">A call was refused; or the last one was not answered when the time was over.</exception>
    public async Task<WaitResult> RunAsync(TimeSpan timeout, TimeSpan recent, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        var told = "";
        for (var pause = FirstPause; ; pause = Shorter(pause * 2, LongestPause))
        {
            var left = started + timeout - time.GetUtcNow();
            var (looks, news) = await LookAsync(left > TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            if (looks is not null && Judge(looks, started - recent, left <= TimeSpan.Zero) is { } verdict)
            {
                return new WaitResult(verdict, looks, time.GetUtcNow() - started);
            }

            if (news != told)
            {
                tell(news);
                told = news;
            }

            // Timers know whole milliseconds: less would be no wait at all.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(Shorter(pause, left).TotalMilliseconds)), time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(IReadOnlyList<AttestorLook>? Looks, string News)> LookAsync(bool mayTryAgain, CancellationToken cancellationToken)
    {
        try
        {
            var looks = await look(cancellationToken).ConfigureAwait(false);
            return (looks, string.Join('\n', looks.Where(each => !each.IsAttested).Select(each => each.Describe())));
        }
        catch (GoogleCallException error) when (error.IsTransient && mayTryAgain)
        {
            return (null, $"{error.Message} It is tried again.");
        }
    }

    private static WaitVerdict? Judge(IReadOnlyList<AttestorLook> looks, DateTimeOffset since, bool timeIsOver) =>
        looks.All(each => each.IsAttested) ? WaitVerdict.Attested
        : looks.Any(each => each.IsRejectedSince(since)) ? WaitVerdict.Rejected
        : !timeIsOver ? null
        : looks.Any(each => each.Invalid.Count > 0) ? WaitVerdict.Invalid
        : WaitVerdict.TimedOut;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
