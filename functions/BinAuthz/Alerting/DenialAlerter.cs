using BinAuthz.Denials;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Alerting;

/// <summary>
/// FLOW 2: from what a log entry tells to people who know it. Each subject and cause is told at once, then counted until its
/// window closes, and then told how often it was. Everything is written down in the ledger first: a run that was stopped
/// between any two calls, and is delivered again, tells what is missing and repeats at most one message, under the same id.
/// </summary>
internal sealed class DenialAlerter(AlertPolicy policy, RecentDiagnoses diagnoses, AlertWindows windows, AlertLedger ledger, AlertFollowUp followUp, AlertSweep sweep, TimeProvider time)
{
    private const int Parallelism = 8;

    /// <summary>Tells, or counts, each finding of a log entry.</summary>
    /// <param name="findings">What the entry tells.</param>
    /// <param name="messageId">The message that brought it; tells entries without an id apart.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    /// <exception cref="GoogleCallException">The topic or the bucket did not answer. Channels that fail are no error here: the sweep tries them again.</exception>
    public async Task AlertAsync(IReadOnlyList<Finding> findings, string messageId, CancellationToken cancellationToken)
    {
        // An entry may tell the same thing twice, such as two containers with one image.
        var distinct = findings.Select(finding => (Finding: finding, Subject: AlertSubject.Of(finding, policy.EnvironmentOf(finding)))).DistinctBy(each => each.Subject);
        foreach (var several in distinct.Chunk(Parallelism))
        {
            await Task.WhenAll(several.Select(each => AlertAsync(each.Finding, each.Subject, messageId, cancellationToken))).ConfigureAwait(false);
        }
    }

    /// <summary>Does what is due: summaries, digests, and whatever was not told because somebody failed.</summary>
    /// <exception cref="GoogleCallException">Something was not answered; the next sweep tries again.</exception>
    public Task SweepAsync(CancellationToken cancellationToken) => sweep.RunAsync(cancellationToken);

    private async Task AlertAsync(Finding finding, AlertSubject subject, string messageId, CancellationToken cancellationToken)
    {
        // 1. Why it happened.
        var diagnosis = await diagnoses.DiagnoseAsync(subject, finding, cancellationToken).ConfigureAwait(false);

        // 2. The first of its subject and cause opens a window; one more is counted.
        var logged = LoggedAt.Of(finding.Source, messageId);
        var entry = await windows.EnterAsync(
            subject, diagnosis.Cause, logged, window => AlertComposer.First(finding, diagnosis, subject, window, logged.Time), cancellationToken).ConfigureAwait(false);
        switch (entry)
        {
            case AlertEntry.First first:
                // 3. Tell it: the topic, then the channels.
                await followUp.TellFirstAsync(first.Claim, first.IsNew, failing: null, cancellationToken).ConfigureAwait(false);

                // 4. What the subject's other causes have counted is told now that this one has come.
                await SummariseOthersAsync(first.Claim.Window, cancellationToken).ConfigureAwait(false);
                break;

            case AlertEntry.Counted counted:
                // 3. If the one who opened the window was stopped, go on for it.
                await followUp.TakeOverAsync(counted.Opening, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private async Task SummariseOthersAsync(AlertWindow window, CancellationToken cancellationToken)
    {
        var all = await ledger.WindowsAsync(window.Subject, cancellationToken).ConfigureAwait(false);
        foreach (var other in all.Where(each => each.Cause != window.Cause).GroupBy(each => each.Cause).Select(each => each.MaxBy(one => one.Number)!))
        {
            if (await ledger.FindAsync(other, cancellationToken).ConfigureAwait(false) is { } claim && claim.Opening.Until > time.GetUtcNow())
            {
                await followUp.SummariseAsync(claim, failing: null, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
