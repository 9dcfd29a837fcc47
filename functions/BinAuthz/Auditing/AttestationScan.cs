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
internal sealed class AttestationScan(ContainerAnalysisClient analysis, SubjectReader subjects, RecordReader records, LastDecisionReader decisions)
{
    /// <summary>Reads them.</summary>
    /// <param name="reader">Reads facts.</param>
    /// <param name="request">What is audited.</param>
    /// <param name="attestors">The attestors, their keys and what was recorded of them.</param>
    /// <param name="policy">What it admits without asking needs no attestations.</param>
    /// <param name="cancellationToken">Stops between two pages.</param>
    /// <returns>The same attestors with their attestations, and the coverage.</returns>
    public async Task<(IReadOnlyList<AuditedAttestor> Attestors, Fact<Coverage> Coverage)> RunAsync(
        FactReader reader, AuditRequest request, IReadOnlyList<AuditedAttestor> attestors, Fact<Authz.Policy> policy, CancellationToken cancellationToken)
    {
        var images = await subjects.ReadAsync(reader, request, policy, cancellationToken).ConfigureAwait(false);
        var scanned = new List<ScannedAttestor>();
        foreach (var attestor in attestors)
        {
            scanned.Add(await ScanAsync(reader, request, attestor, images, cancellationToken).ConfigureAwait(false));
        }

        var coverage = ScanResult.Cover(request, images, scanned);
        return (
            [.. scanned.Select(each => each.ToAudited(images, request.Options.FindingsPerRule))],
            coverage is Fact<Coverage>.Known known ? new Fact<Coverage>.Known(await decisions.ReadAsync(reader, request.Bucket, known.Value, cancellationToken).ConfigureAwait(false)) : coverage);
    }

    private async Task<ScannedAttestor> ScanAsync(FactReader reader, AuditRequest request, AuditedAttestor audited, ScannedSubjects images, CancellationToken cancellationToken)
    {
        if (ScannedAttestor.KeysOf(audited) is not Fact<AuditKeys>.Known { Value: var keys })
        {
            return new ScannedAttestor(audited, null, new ScannedRecords([]), new Fact<ScanTally>.Unknown(ScannedAttestor.WhyNot(audited)));
        }

        var marks = await records.ReadAsync(reader, request.Bucket, keys, images.Known, cancellationToken).ConfigureAwait(false);
        var known = ScannedRecords.From(marks, audited.Records, images.Known.Images.Count);
        var tally = await reader.ReadAsync(Access.NoteOccurrences, async stop =>
        {
            var scan = new NoteScan(keys, images, known, request.Options.FindingsPerRule);
            await scan.ReadAsync(analysis.ListAllAttestationsAsync(keys.Attestor.Note, stop), stop).ConfigureAwait(false);
            return scan.Tally;
        }, cancellationToken).ConfigureAwait(false);
        return new ScannedAttestor(audited, keys, known, tally);
    }
}
