using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;
using BinAuthz.Rotation;
using BinAuthz.Signing;

namespace BinAuthz.Auditing.Facts;

/// <summary>Reads an attestor, the versions of its key and what was recorded of their trust; each once.</summary>
internal sealed class AttestorFactReader(BinaryAuthorizationClient authorization, KeyManagementClient kms, KeyRecords records)
{
    /// <summary>Reads them; its attestations are read elsewhere.</summary>
    public async Task<AuditedAttestor> ReadAsync(FactReader reader, SigningIdentity subject, Fact<AttestationTally> attestations, CancellationToken cancellationToken)
    {
        var attestorRead = reader.ReadAsync(Access.Attestor, stop => authorization.FindAttestorAsync(subject.Attestor, stop), cancellationToken);
        var versionsRead = reader.ReadAsync<IReadOnlyList<AuditedVersion>>(
            Access.KeyVersions, async stop => [.. (await kms.ListVersionsAsync(subject.Key, stop).ConfigureAwait(false)).Select(version => new AuditedVersion(version, null))], cancellationToken);
        var recordsRead = reader.ReadAsync(Access.Bucket, stop => records.ReadAsync(subject.Attestor, subject.Key, stop), cancellationToken);
        return new AuditedAttestor(
            subject, await attestorRead.ConfigureAwait(false), await versionsRead.ConfigureAwait(false), await recordsRead.ConfigureAwait(false), attestations);
    }
}
