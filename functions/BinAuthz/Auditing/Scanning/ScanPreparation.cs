using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Auditing.Scanning;

/// <summary>Reads what a scan goes by.</summary>
internal sealed class ScanPreparation(SubjectReader subjects, RecordReader records)
{
    /// <summary>Reads it.</summary>
    /// <param name="reader">Reads facts.</param>
    /// <param name="request">What is audited.</param>
    /// <param name="attestors">The attestors, their keys and what was recorded of them.</param>
    /// <param name="policy">What it admits without asking needs no attestations.</param>
    /// <param name="cancellationToken">Stops between two pages.</param>
    public async Task<ScanSnapshot> ReadAsync(FactReader reader, AuditRequest request, IReadOnlyList<AuditedAttestor> attestors, Fact<Authz.Policy> policy, CancellationToken cancellationToken)
    {
        var images = await subjects.ReadAsync(reader, request, policy, cancellationToken).ConfigureAwait(false);
        var read = new List<SnapshotAttestor>();
        foreach (var attestor in attestors)
        {
            read.Add(await ReadAsync(reader, request, attestor, images, cancellationToken).ConfigureAwait(false));
        }

        return new ScanSnapshot(images, read);
    }

    private async Task<SnapshotAttestor> ReadAsync(FactReader reader, AuditRequest request, AuditedAttestor audited, ScannedSubjects images, CancellationToken cancellationToken)
    {
        if (ScannedAttestor.KeysOf(audited) is not Fact<AuditKeys>.Known { Value: var keys })
        {
            return new SnapshotAttestor(audited.Subject.Attestor, null, new ScannedRecords([])) { Why = ScannedAttestor.WhyNot(audited) };
        }

        var marks = await records.ReadAsync(reader, request.Bucket, keys, images.Known, cancellationToken).ConfigureAwait(false);
        return new SnapshotAttestor(audited.Subject.Attestor, keys, ScannedRecords.From(marks, audited.Records, images.Known.Images.Count));
    }
}
