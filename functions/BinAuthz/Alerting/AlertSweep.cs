using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using BinAuthz.GoogleCloud;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Alerting;

/// <summary>
/// Does what is due: first alerts whose sender was stopped or whose channel failed, summaries of windows that closed,
/// digests. Several sweeps at once do no harm, since each piece of work is taken on by one of them for a minute.
/// </summary>
internal sealed partial class AlertSweep(AlertLedger ledger, AlertFollowUp followUp, AlertTeller teller, ILogger<AlertSweep> logger, TimeProvider time)
{
    private const int Parallelism = 8;

    /// <summary>How far back a process looks at first: messages are tried for a day, and sweeping may have stood still.</summary>
    private static readonly TimeSpan Lookback = TimeSpan.FromDays(3);

    // Work is always written down for a time to come; this much is for clocks that differ.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);

    private DateTimeOffset earliest = DateTimeOffset.MinValue;

    /// <summary>Does what is due now.</summary>
    /// <exception cref="GoogleCallException">Something was not answered. The rest was done, and the next sweep tries again.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var from = earliest > now - Lookback ? earliest : now - Lookback;
        var open = await ledger.OpenAsync(from, cancellationToken).ConfigureAwait(false);
        var (left, failing, errors) = (new ConcurrentBag<DateTimeOffset>(), new ConcurrentDictionary<string, bool>(), new ConcurrentQueue<Exception>());
        await Parallel.ForEachAsync(open, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken }, async (work, token) =>
        {
            try
            {
                if (await DoAsync(work, now, failing, token).ConfigureAwait(false))
                {
                    await ledger.CloseAsync(work, token).ConfigureAwait(false);
                    return;
                }
            }
            catch (GoogleCallException error)
            {
                errors.Enqueue(error);
            }

            left.Add(work.Due);
        }).ConfigureAwait(false);

        earliest = left.Append(now - ClockSkew).Min();
        Log.Swept(logger, open.Count, open.Count - left.Count, errors.Count);
        if (errors.TryDequeue(out var first))
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    private Task<bool> DoAsync(OpenWork work, DateTimeOffset now, ConcurrentDictionary<string, bool> failing, CancellationToken cancellationToken) => work.Window switch
    {
        { } window when now < work.Due && followUp.IsTold(window) => Task.FromResult(false),
        { } window => FollowUpAsync(work, window, now, failing, cancellationToken),
        null when now < work.Due => Task.FromResult(false),
        null => SendDigestAsync(work, now, failing, cancellationToken),
    };

    private async Task<bool> FollowUpAsync(OpenWork work, AlertWindow window, DateTimeOffset now, ConcurrentDictionary<string, bool> failing, CancellationToken cancellationToken)
    {
        if (await ledger.FindAsync(window, cancellationToken).ConfigureAwait(false) is not { } claim)
        {
            // Who wrote it down was stopped before opening the window; its redelivery writes another.
            return now >= work.Due;
        }

        if (now < claim.Opening.At + AlertOpening.Lease || !await ledger.LeaseAsync(window.ToString(), now, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        var isTold = await followUp.TellFirstAsync(claim, isNew: false, failing, cancellationToken).ConfigureAwait(false);
        return now >= work.Due && await followUp.SummariseAsync(claim, failing, cancellationToken).ConfigureAwait(false) && isTold;
    }

    private async Task<bool> SendDigestAsync(OpenWork work, DateTimeOffset now, ConcurrentDictionary<string, bool> failing, CancellationToken cancellationToken)
    {
        var message = $"digest/{LoggedAt.Sortable(work.Due)}/{work.Pool}";
        if (!await ledger.LeaseAsync(message, now, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        var told = await ledger.ToldAsync(message, cancellationToken).ConfigureAwait(false);
        var windows = await ledger.DigestedAsync(work.Due, work.Pool, cancellationToken).ConfigureAwait(false);
        var counted = new ConcurrentBag<(Alert First, AlertCount Count)>();
        await Parallel.ForEachAsync(windows, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken }, async (window, token) =>
        {
            if (await ledger.FindAsync(window, token).ConfigureAwait(false) is { } claim)
            {
                counted.Add((claim.First, (await ledger.CountedAsync(window, token).ConfigureAwait(false)).With(claim.Opening.Entry)));
            }
        }).ConfigureAwait(false);

        if (told.Contains(AlertTeller.Done) || counted.IsEmpty)
        {
            return true;
        }

        var digest = AlertComposer.Digest($"digest.{LoggedAt.Sortable(work.Due)}.{work.Pool.Replace('/', '.')}", [.. counted]);
        if (!await teller.TellAsync(message, digest, window: null, told, failing, cancellationToken).ConfigureAwait(false))
        {
            if (now < work.Due + AlertOpening.Patience)
            {
                return false;
            }

            await teller.GiveUpAsync(message, digest, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(221, LogLevel.Debug, "Swept: {Open} windows and digests were open, {Closed} are done, {Failed} could not be looked at")]
        public static partial void Swept(ILogger logger, int open, int closed, int failed);
    }
}
