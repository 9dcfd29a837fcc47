using BinAuthz.Auditing.Facts;
using BinAuthz.Auditing.Scanning;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Auditing;

/// <summary>
/// Reads all attestations of the attestors' notes page by page, verifies each offline, and tells which images they cover. Memory
/// goes by the number of images, never of attestations.
/// </summary>
internal sealed class AttestationScan(ContainerAnalysisClient analysis, ScanPreparation preparation, LastDecisionReader decisions)
{
    /// <summary>Reads them, unless the request brings what other processes have read.</summary>
    /// <param name="reader">Reads facts.</param>
    /// <param name="request">What is audited.</param>
    /// <param name="attestors">The attestors, their keys and what was recorded of them.</param>
    /// <param name="policy">What it admits without asking needs no attestations.</param>
    /// <param name="cancellationToken">Stops between two pages.</param>
    /// <returns>The same attestors with their attestations, and the coverage.</returns>
    public async Task<(IReadOnlyList<AuditedAttestor> Attestors, Fact<Coverage> Coverage)> RunAsync(
        FactReader reader, AuditRequest request, IReadOnlyList<AuditedAttestor> attestors, Fact<Authz.Policy> policy, CancellationToken cancellationToken)
    {
        var snapshot = request.Parts?.Snapshot ?? await preparation.ReadAsync(reader, request, attestors, policy, cancellationToken).ConfigureAwait(false);
        var scanned = new List<ScannedAttestor>();
        foreach (var attestor in attestors)
        {
            var prepared = snapshot.Of(attestor.Subject.Attestor);
            scanned.Add(new ScannedAttestor(attestor, prepared.Keys, prepared.Records, await TallyAsync(reader, request, snapshot, prepared, cancellationToken).ConfigureAwait(false)));
        }

        var coverage = ScanResult.Cover(request, snapshot.Images, scanned);
        return (
            [.. scanned.Select(each => each.ToAudited(snapshot.Images, request.Options.FindingsPerRule))],
            coverage is Fact<Coverage>.Known known ? new Fact<Coverage>.Known(await decisions.ReadAsync(reader, request.Bucket, known.Value, cancellationToken).ConfigureAwait(false)) : coverage);
    }

    private async Task<Fact<ScanTally>> TallyAsync(FactReader reader, AuditRequest request, ScanSnapshot snapshot, SnapshotAttestor attestor, CancellationToken cancellationToken)
    {
        if (attestor.Keys is not { } keys)
        {
            return new Fact<ScanTally>.Unknown(attestor.Why!);
        }

        return request.Parts is { } parts ? parts.Tallies[attestor.Name] : await reader.ReadAsync(Access.NoteOccurrences, async stop =>
        {
            var scan = snapshot.NewScan(attestor, request.Options.FindingsPerRule);
            await scan.ReadAsync(analysis.ListAllAttestationsAsync(keys.Attestor.Note, stop), stop).ConfigureAwait(false);
            return scan.Tally;
        }, cancellationToken).ConfigureAwait(false);
    }
}
