using System.Collections.Concurrent;
using System.Globalization;

namespace BinAuthz.Alerting;

/// <summary>What becomes of a window: its first alert, also when the one who began telling it was stopped, and its summaries.</summary>
internal sealed class AlertFollowUp(AlertLedger ledger, AlertTeller teller, TimeProvider time)
{
    private const string First = "first";
    private const int Kept = 10_000;

    private readonly Recent<AlertWindow, bool> told = new(Kept);
    private readonly Recent<AlertWindow, bool> looked = new(Kept);

    /// <summary>Whether this process knows that the first alert has reached everybody.</summary>
    public bool IsTold(AlertWindow window) => told.Find(window);

    /// <summary>Tells the first alert to those who have not got it.</summary>
    /// <param name="claim">The window.</param>
    /// <param name="isNew">Whether nobody can have got it yet.</param>
    /// <param name="failing">Channels that are left alone for now; null: none.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    /// <returns>Whether everybody has got it, or was given up.</returns>
    public async Task<bool> TellFirstAsync(AlertClaim claim, bool isNew, ConcurrentDictionary<string, bool>? failing, CancellationToken cancellationToken)
    {
        var message = $"{claim.Window}/{First}";
        var known = isNew ? new HashSet<string>() : await ledger.ToldAsync(message, cancellationToken).ConfigureAwait(false);
        var done = known.Contains(AlertTeller.Done) || await TellAsync(message, claim.First, claim, claim.Opening.At, known, failing, cancellationToken).ConfigureAwait(false);
        looked.Remember(claim.Window, true);
        if (done)
        {
            told.Remember(claim.Window, true);
        }

        return done;
    }

    /// <summary>Takes the first alert over, once for each window, when the opener's lease has passed and it may have been stopped.</summary>
    public async Task TakeOverAsync(AlertOpening opening, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now < opening.At + AlertOpening.Lease || looked.Find(opening.Window))
        {
            return;
        }

        if (await ledger.LeaseAsync(opening.Window.ToString(), now, cancellationToken).ConfigureAwait(false)
            && await ledger.FindAsync(opening.Window, cancellationToken).ConfigureAwait(false) is { } claim)
        {
            await TellFirstAsync(claim, isNew: false, failing: null, cancellationToken).ConfigureAwait(false);
        }

        looked.Remember(opening.Window, true);
    }

    /// <summary>Tells how often it happened, unless that was told or it happened only once.</summary>
    /// <returns>Whether there is nothing left to be told.</returns>
    public async Task<bool> SummariseAsync(AlertClaim claim, ConcurrentDictionary<string, bool>? failing, CancellationToken cancellationToken)
    {
        var counted = await ledger.CountedAsync(claim.Window, cancellationToken).ConfigureAwait(false);
        if (counted.Entries == 0)
        {
            return true;
        }

        var all = counted.With(claim.Opening.Entry);
        var stage = string.Create(CultureInfo.InvariantCulture, $"summary-{all.Entries:D8}");
        var known = await ledger.ToldAsync(claim.Window.ToString(), cancellationToken).ConfigureAwait(false);
        if (known.Contains($"{stage}/{AlertTeller.Done}"))
        {
            return true;
        }

        var mine = known.Where(name => name.StartsWith(stage, StringComparison.Ordinal)).Select(name => name[(stage.Length + 1)..]).ToHashSet();
        return await TellAsync($"{claim.Window}/{stage}", AlertComposer.Summary(claim, all), claim, claim.Opening.Until, mine, failing, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> TellAsync(string message, Alert alert, AlertClaim claim, DateTimeOffset since, IReadOnlySet<string> known, ConcurrentDictionary<string, bool>? failing, CancellationToken cancellationToken)
    {
        if (await teller.TellAsync(message, alert, claim.Window, known, failing, cancellationToken).ConfigureAwait(false))
        {
            return true;
        }

        if (time.GetUtcNow() < since + AlertOpening.Patience)
        {
            return false;
        }

        await teller.GiveUpAsync(message, alert, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
