namespace BinAuthz.Alerting;

/// <summary>
/// How many messages the channels get by themselves. Time is cut into pieces as long as a window; in each piece every
/// environment, kind and severity has <see cref="AlertPolicy.Burst"/> places for first alerts and as many for summaries, so
/// that a flood of one sort takes no place from another. What finds no place goes into the digest of its sort.
/// </summary>
internal sealed class AlertBurst(AlertLedger ledger, AlertPolicy policy)
{
    private const int Remembered = 1000;

    private readonly Lock gate = new();
    private readonly Dictionary<(DateTimeOffset, string, AlertStage), int> next = [];

    /// <summary>The sort that an alert is of: one digest stands for one sort, so that it goes where its members would have gone.</summary>
    public static string PoolOf(Alert alert) => $"{Uri.EscapeDataString(alert.Environment)}/{AlertNames.Of(alert.Kind)}-{AlertNames.Of(alert.Severity)}";

    /// <summary>When the piece of time ends that <paramref name="now"/> is in.</summary>
    public DateTimeOffset EndOf(DateTimeOffset now) => new(now.UtcTicks - (now.UtcTicks % policy.Window.Ticks) + policy.Window.Ticks, TimeSpan.Zero);

    /// <summary>Takes a place.</summary>
    /// <returns>False: there is none left.</returns>
    public async Task<bool> TakeAsync(Alert alert, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (until, pool) = (EndOf(now), PoolOf(alert));
        while (Next((until, pool, alert.Stage)) is var number && number < policy.Burst)
        {
            if (await ledger.TakeSlotAsync(until, pool, alert.Stage, number, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    // What this process took or found taken; another one starts from the first again.
    private int Next((DateTimeOffset Until, string Pool, AlertStage Stage) key)
    {
        lock (gate)
        {
            if (next.Count > Remembered)
            {
                next.Clear();
            }

            var number = next.GetValueOrDefault(key);
            next[key] = Math.Min(number + 1, policy.Burst);
            return number;
        }
    }
}
