using BinAuthz.Attestations;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Rotation;
using BinAuthz.Signing;
using Grpc.Core;

namespace BinAuthz.Auditing.Facts;

/// <summary>Reads an attestor, its note, the versions of its key and what was recorded of their trust; each once.</summary>
internal sealed class AttestorFactReader(BinaryAuthorizationClient authorization, KeyManagementClient kms, ContainerAnalysisClient analysis, KeyRecords records)
{
    /// <summary>Reads them; its attestations are read elsewhere.</summary>
    public async Task<AuditedAttestor> ReadAsync(FactReader reader, SigningIdentity subject, Fact<AttestationTally> attestations, CancellationToken cancellationToken)
    {
        var attestorRead = reader.ReadAsync(Access.Attestor, stop => authorization.FindAttestorAsync(subject.Attestor, stop), cancellationToken);
        var versionsRead = reader.ReadAsync(Access.KeyVersions, stop => VersionsAsync(subject.Key, stop), cancellationToken);
        var recordsRead = reader.ReadAsync(Access.Bucket, stop => RecordsAsync(subject, stop), cancellationToken);
        var attestor = await attestorRead.ConfigureAwait(false);
        var note = attestor.Or(null) is { } found ? await reader.ReadAsync(Access.Note, stop => analysis.NoteExistsAsync(found.Note, stop), cancellationToken).ConfigureAwait(false) : null;
        var versions = await WithKeysAsync(reader, await versionsRead.ConfigureAwait(false), attestor.Or(null), cancellationToken).ConfigureAwait(false);
        return new AuditedAttestor(subject, attestor, versions, await recordsRead.ConfigureAwait(false), attestations) { HasNote = note };
    }

    // A key that does not exist has no versions; that the attestor trusts some is what the audit is to tell.
    private async Task<IReadOnlyList<KeyVersionDescription>> VersionsAsync(KeyName key, CancellationToken cancellationToken)
    {
        try
        {
            return await kms.ListVersionsAsync(key, cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return [];
        }
    }

    private async Task<IReadOnlyList<KeyRecord>> RecordsAsync(SigningIdentity subject, CancellationToken cancellationToken)
    {
        try
        {
            return await records.ReadAsync(subject.Attestor, subject.Key, cancellationToken).ConfigureAwait(false);
        }
        catch (RotationException error)
        {
            // An object that somebody put among the records must not end the audit that would tell of it.
            throw new FormatException(error.Message, error);
        }
    }

    private async Task<Fact<IReadOnlyList<AuditedVersion>>> WithKeysAsync(
        FactReader reader, Fact<IReadOnlyList<KeyVersionDescription>> versions, Attestor? attestor, CancellationToken cancellationToken)
    {
        if (versions is not Fact<IReadOnlyList<KeyVersionDescription>>.Known known)
        {
            return new Fact<IReadOnlyList<AuditedVersion>>.Unknown(((Fact<IReadOnlyList<KeyVersionDescription>>.Unknown)versions).Why);
        }

        var listed = attestor?.Keys.Select(key => key.Id).ToHashSet(StringComparer.Ordinal) ?? [];
        return new Fact<IReadOnlyList<AuditedVersion>>.Known(await Task.WhenAll(known.Value.Select(async version =>
        {
            if (!version.IsEnabled || !listed.Contains(version.Name.PublicKeyId))
            {
                return new AuditedVersion(version, null);
            }

            var key = await reader.ReadAsync(Access.PublicKey, stop => kms.GetPublicKeyAsync(version.Name, stop), cancellationToken).ConfigureAwait(false);
            return key is Fact<(string Pem, SignatureAlgorithm? Algorithm)>.Known { Value: var read }
                ? new AuditedVersion(version, read.Pem)
                : new AuditedVersion(version, null) { Unread = ((Fact<(string Pem, SignatureAlgorithm? Algorithm)>.Unknown)key).Why };
        })).ConfigureAwait(false));
    }
}
