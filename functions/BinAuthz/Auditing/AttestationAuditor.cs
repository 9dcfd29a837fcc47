using BinAuthz.Auditing.Facts;
using BinAuthz.Auditing.Reports;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Auditing;

/// <summary>
/// Audits an environment: everything is read, each attestation is verified, the rules judge. Nothing is changed. What may not
/// be read is not assessed.
/// </summary>
internal sealed class AttestationAuditor(AttestorFactReader attestors, PolicyFactReader policies, AccessFactReader access, EventFactReader events, AttestationScan scan)
{
    /// <summary>Audits.</summary>
    /// <param name="request">What.</param>
    /// <param name="previous">The report before; null: this is the first.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    /// <exception cref="GoogleCallException">Something did not answer and may later: half a report is none.</exception>
    public async Task<AuditReport> AuditAsync(AuditRequest request, PreviousAudit? previous, CancellationToken cancellationToken) =>
        (await AuditWithFactsAsync(request, previous, cancellationToken).ConfigureAwait(false)).Report;

    /// <summary>The same, with what the report was made of.</summary>
    public async Task<(AuditReport Report, AuditFacts Facts)> AuditWithFactsAsync(AuditRequest request, PreviousAudit? previous, CancellationToken cancellationToken)
    {
        // 1. Read what is, side by side.
        using var reader = new FactReader(request.Project);
        var since = request.Since(previous?.Report);
        var attestorsRead = Task.WhenAll(request.Subjects.Select(subject => attestors.ReadAsync(reader, subject, Unread, cancellationToken)));
        var policyRead = policies.ReadAsync(reader, request, cancellationToken);
        var accessRead = access.ReadAsync(reader, request, cancellationToken);
        var eventsRead = events.ReadAsync(reader, request, since, cancellationToken);

        // 2. Verify every attestation.
        var policy = await policyRead.ConfigureAwait(false);
        var (scanned, coverage) = await scan.RunAsync(reader, request, await attestorsRead.ConfigureAwait(false), policy.Policy, cancellationToken).ConfigureAwait(false);

        // 3. Judge, and 4. tell.
        var facts = new AuditFacts(
            request, previous?.Report, scanned, policy, coverage, await accessRead.ConfigureAwait(false), await eventsRead.ConfigureAwait(false));
        ThrowIfInterrupted(reader, request);
        return (ReportComposer.Compose(facts, previous?.Link), facts);
    }

    /// <summary>Ends a run in which something did not answer that may later.</summary>
    /// <exception cref="GoogleCallException">It is transient.</exception>
    internal static void ThrowIfInterrupted(FactReader reader, AuditRequest request)
    {
        if (reader.Interruption is { } obstacle)
        {
            throw new GoogleCallException(
                "AuditAttestations", $"projects/{request.Project}", Grpc.Core.StatusCode.Unavailable, $"Half a report is none, and this run made none, because something did not answer that may later: {obstacle.Reason} {obstacle.Remedy}");
        }
    }

    /// <summary>Attestations that are read later.</summary>
    internal static Fact<AttestationTally> Unread => new Fact<AttestationTally>.Unknown(new Obstacle("The attestations were not read.", "Run it again.", IsTransient: true));
}
