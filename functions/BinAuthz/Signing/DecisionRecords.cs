using BinAuthz.Attestations;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Signing;

/// <summary>The records of signing decisions in the evidence bucket, one object for each attested digest and key version.</summary>
internal sealed class DecisionRecords(StorageClient storage, EvidenceBucket bucket)
{
    /// <summary>Stores one envelope for a digest, unless a record by that key version is there.</summary>
    public Task<bool> StoreAsync(AttestorName attestor, ImageDigest digest, KeyVersionName key, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken) =>
        storage.CreateAsync(bucket.Name, DecisionRecordName.Of(attestor, digest, key), envelope, "application/vnd.dsse.envelope.v1+json", cancellationToken);

    /// <summary>Whether a digest has a record by any of these key versions.</summary>
    public async Task<bool> ExistsAsync(AttestorName attestor, ImageDigest digest, IReadOnlyList<KeyVersionName> keys, CancellationToken cancellationToken)
    {
        var names = await storage.ListAsync(bucket.Name, DecisionRecordName.Prefix(attestor, digest), cancellationToken).ConfigureAwait(false);
        return keys.Any(key => names.Contains(DecisionRecordName.Of(attestor, digest, key)));
    }

    /// <summary>The records of a digest: the object's name and its bytes, which nobody has verified yet.</summary>
    public async Task<IReadOnlyList<(string Name, byte[] Content)>> ReadAsync(AttestorName attestor, ImageDigest digest, CancellationToken cancellationToken)
    {
        var names = await storage.ListAsync(bucket.Name, DecisionRecordName.Prefix(attestor, digest), cancellationToken).ConfigureAwait(false);
        return await Task.WhenAll(names.Select(async name => ($"gs://{bucket.Name}/{name}", await storage.ReadAsync(bucket.Name, name, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
    }
}
