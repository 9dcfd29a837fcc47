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
    AuditRequests requests, AttestationAuditor auditor, ShardedScan sharded, ShardPublisher shards, ReportStore store, IReportArchive archive, FindingsPublisher findings, AuditNotice notice, PacedPublisher signer, BinAuthzOptions options, TimeProvider time)
{
    /// <summary>How many images one run sends back to the signer at most; the next run sends more.</summary>
    public const int MaximumImages = 500;

    // Of reports that nobody told, such as those that people made; before them everything counts as new.
    private const int MaximumUntold = 100;

    /// <summary>Runs.</summary>
    /// <param name="at">When it was due; cut to the second, the name of the report.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    /// <exception cref="GoogleCallException">Something did not answer, or refused; the same can be asked for again.</exception>
    /// <exception cref="AuditException">The chain of reports is not whole, or cannot be signed; or what parts have kept cannot be used.</exception>
    public async Task<ScheduledOutcome> RunAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var request = requests.At(at);
        if (await FindToldAsync(request, cancellationToken).ConfigureAwait(false) is { } told)
        {
            return told;
        }

        // How many attestations there are is not known before they are read. The report before tells about how many.
        var before = await store.FindLatestAsync(request.Environment.Name, cancellationToken).ConfigureAwait(false);
        return before?.Report.Attestors.Sum(attestor => attestor.Attestations ?? 0) <= request.Options.ShardSize
            ? await FinishAsync(request, cancellationToken).ConfigureAwait(false)
            : await RunInPartsAsync(request, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a part of an audit; the last one finishes it.</summary>
    /// <param name="shard">The part, and whose it is.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    /// <exception cref="GoogleCallException">As of <see cref="RunAsync(DateTimeOffset, CancellationToken)"/>; NOT_FOUND: there is no such audit.</exception>
    /// <exception cref="AuditException">The chain of reports is not whole, or cannot be signed; or what parts have kept cannot be used.</exception>
    public async Task<ScheduledOutcome> RunAsync(ShardRequest shard, CancellationToken cancellationToken)
    {
        var request = requests.At(shard.Time);
        return await FindToldAsync(request, cancellationToken).ConfigureAwait(false) is { } told ? told : await RunInPartsAsync(request, shard.Shard, cancellationToken).ConfigureAwait(false);
    }

    // The part that was asked for, or else all that there are.
    private async Task<ScheduledOutcome> RunInPartsAsync(AuditRequest request, AuditShard? own, CancellationToken cancellationToken)
    {
        try
        {
            var others = new List<AuditShard>();
            foreach (var shard in own is null ? await sharded.PlanAsync(request, cancellationToken).ConfigureAwait(false) : [own])
            {
                others.AddRange(await sharded.RunAsync(request, shard, cancellationToken).ConfigureAwait(false));
            }

            await shards.PublishAsync(request.Time, others, cancellationToken).ConfigureAwait(false);
            return others.Count == 0 && await sharded.MergeAsync(request, cancellationToken).ConfigureAwait(false) is { } parts
                ? await FinishAsync(request with { Parts = parts }, cancellationToken).ConfigureAwait(false)
                : new ScheduledOutcome.InParts(others.Count);
        }
        catch (FormatException error)
        {
            throw new AuditException($"What parts of the audit of {Rfc3339.Write(request.Time)} have kept in gs://{request.Bucket} cannot be used: {error.Message} Find out who changed it; the next audit does not need it.", error);
        }
    }

    private async Task<ScheduledOutcome> FinishAsync(AuditRequest request, CancellationToken cancellationToken)
    {
        var name = new ReportName(request.Environment.Name, request.Time);

        // 1. The report before; of a report that is kept already, the one that it names.
        var stored = await store.FindAsync(name, cancellationToken).ConfigureAwait(false);
        var previous = stored is null ? await store.FindLatestAsync(name.Environment, cancellationToken).ConfigureAwait(false) : await FindAsync(stored.Report.Previous, cancellationToken).ConfigureAwait(false);
        if (previous?.Report.Time > request.Time)
        {
            return new ScheduledOutcome.TooLate();
        }

        // 2. Audit.
        var (report, facts) = await auditor.AuditWithFactsAsync(request, previous, cancellationToken).ConfigureAwait(false);

        // 3. Keep it. If an earlier run got so far, its report is the one that counts.
        stored ??= await store.StoreAsync(report, cancellationToken).ConfigureAwait(false);
        return stored is null ? new ScheduledOutcome.TooLate() : await TellAsync(name, stored, facts, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ScheduledOutcome> TellAsync(ReportName name, PreviousAudit stored, AuditFacts facts, CancellationToken cancellationToken)
    {
        var told = await LastToldAsync(stored, cancellationToken).ConfigureAwait(false);
        var changes = FindingChanges.Of(told?.Report, stored.Report);

        // 4. Programs first, then people and the signer, of which one does not hold back the other.
        await findings.PublishAsync(stored, changes, cancellationToken).ConfigureAwait(false);
        var noticed = notice.WriteAsync(stored, changes, cancellationToken);
        var sent = SendBackAsync(facts, cancellationToken);
        await Task.WhenAll(noticed, sent).ConfigureAwait(false);

        // 5. Only now it is told.
        var reported = new ScheduledOutcome.Reported(stored, changes, await sent.ConfigureAwait(false));
        await archive.CreateAsync(name.File(ReportName.ToldFile), ScheduledAuditJson.Told(reported, told?.Link, time.GetUtcNow()), "application/json", cancellationToken).ConfigureAwait(false);
        return reported;
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

    private async Task<ScheduledOutcome.Reported?> FindToldAsync(AuditRequest request, CancellationToken cancellationToken)
    {
        var name = new ReportName(request.Environment.Name, request.Time);
        return await IsToldAsync(name, cancellationToken).ConfigureAwait(false) && await store.FindAsync(name, cancellationToken).ConfigureAwait(false) is { } stored
            ? new ScheduledOutcome.Reported(stored, new FindingChanges([], []), 0) { WasTold = true }
            : null;
    }

    private async Task<PreviousAudit?> FindAsync(PreviousReport? link, CancellationToken cancellationToken) =>
        link is not null && ReportName.TryParseStatement(link.Name, out var name) ? await store.FindAsync(name, cancellationToken).ConfigureAwait(false) : null;

    private async Task<bool> IsToldAsync(ReportName name, CancellationToken cancellationToken) =>
        await archive.FindAsync(name.File(ReportName.ToldFile), cancellationToken).ConfigureAwait(false) is not null;
}
