using BinAuthz.Auditing.Archive;
using BinAuthz.Auditing.Facts;
using BinAuthz.Auditing.Reports;
using BinAuthz.Auditing.Telling;
using BinAuthz.GoogleCloud;
using BinAuthz.Rotation;
using BinAuthz.Signing;

namespace BinAuthz.Auditing;

/// <summary>
/// FLOW 4, as it runs on the schedule: audits, keeps the report, tells what it found, and sends back to the signer what no event
/// will. A run that was stopped between any two calls, and is asked for again with the same time, makes the same report and tells
/// what is missing; what was told before the stop is told again under the same ids.
/// </summary>
internal sealed class ScheduledAudit(
    AuditRequests requests, AttestationAuditor auditor, ReportStore store, IReportArchive archive, FindingsPublisher findings, AuditNotice notice, PacedPublisher signer, BinAuthzOptions options, TimeProvider time)
{
    /// <summary>How many images one run sends back to the signer at most; the next run sends more.</summary>
    public const int MaximumImages = 500;

    // Of reports that nobody told, such as those that people made; before them everything counts as new.
    private const int MaximumUntold = 100;

    /// <summary>Runs.</summary>
    /// <param name="at">When it was due; cut to the second, the name of the report.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    /// <returns>What became of it; null: a later report is in the chain already, and this one has no place any more.</returns>
    /// <exception cref="GoogleCallException">Something did not answer, or refused; the same can be asked for again.</exception>
    /// <exception cref="AuditException">The chain of reports is not whole, or cannot be signed.</exception>
    public async Task<ScheduledAuditResult?> RunAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var request = requests.At(at);
        var name = new ReportName(request.Environment.Name, request.Time);

        // 1. What was told is done.
        var stored = await store.FindAsync(name, cancellationToken).ConfigureAwait(false);
        if (stored is not null && await IsToldAsync(name, cancellationToken).ConfigureAwait(false))
        {
            return new ScheduledAuditResult(stored, new FindingChanges([], []), 0) { WasTold = true };
        }

        // 2. The report before, and the audit.
        var previous = stored is null ? await store.FindLatestAsync(name.Environment, cancellationToken).ConfigureAwait(false) : await FindAsync(stored.Report.Previous, cancellationToken).ConfigureAwait(false);
        if (previous?.Report.Time > request.Time)
        {
            return null;
        }

        var (report, facts) = await auditor.AuditWithFactsAsync(request, previous, cancellationToken).ConfigureAwait(false);

        // 3. Keep it. If an earlier run got so far, its report is the one that counts.
        stored ??= await store.StoreAsync(report, cancellationToken).ConfigureAwait(false);
        return stored is null ? null : await TellAsync(name, stored, facts, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ScheduledAuditResult> TellAsync(ReportName name, PreviousAudit stored, AuditFacts facts, CancellationToken cancellationToken)
    {
        var told = await LastToldAsync(stored, cancellationToken).ConfigureAwait(false);
        var changes = FindingChanges.Of(told?.Report, stored.Report);

        // 4. Programs first, then people and the signer, of which one does not hold back the other.
        await findings.PublishAsync(stored, changes, cancellationToken).ConfigureAwait(false);
        var noticed = notice.WriteAsync(stored, changes, cancellationToken);
        var sent = SendBackAsync(facts, cancellationToken);
        await Task.WhenAll(noticed, sent).ConfigureAwait(false);

        // 5. Only now it is told.
        var result = new ScheduledAuditResult(stored, changes, await sent.ConfigureAwait(false));
        await archive.CreateAsync(name.File(ReportName.ToldFile), result.ToldJson(told?.Link, time.GetUtcNow()), "application/json", cancellationToken).ConfigureAwait(false);
        return result;
    }

    private Task<int> SendBackAsync(AuditFacts facts, CancellationToken cancellationToken)
    {
        var images = OverdueImages.Of(facts).Take(MaximumImages).ToArray();
        return signer.PublishAsync(
            facts.Request.Project, facts.Request.Environment.Name, signer.Batches(images, batch => new WeighRequest(batch).ToJson()), time.GetUtcNow() + options.Rotation.RunTime, cancellationToken);
    }

    // What a report found that was never told would otherwise never be.
    private async Task<PreviousAudit?> LastToldAsync(PreviousAudit stored, CancellationToken cancellationToken)
    {
        var before = stored.Report.Previous;
        for (var untold = 0; before is not null && untold < MaximumUntold; untold++)
        {
            var report = await FindAsync(before, cancellationToken).ConfigureAwait(false);
            if (report is null || await IsToldAsync(ReportName.Of(report.Report), cancellationToken).ConfigureAwait(false))
            {
                return report;
            }

            before = report.Report.Previous;
        }

        return null;
    }

    private async Task<PreviousAudit?> FindAsync(PreviousReport? link, CancellationToken cancellationToken) =>
        link is not null && ReportName.TryParseStatement(link.Name, out var name) ? await store.FindAsync(name, cancellationToken).ConfigureAwait(false) : null;

    private async Task<bool> IsToldAsync(ReportName name, CancellationToken cancellationToken) =>
        await archive.FindAsync(name.File(ReportName.ToldFile), cancellationToken).ConfigureAwait(false) is not null;
}
