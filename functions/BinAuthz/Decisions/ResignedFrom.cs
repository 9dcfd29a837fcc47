using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.Keys;

namespace BinAuthz.Decisions;

/// <summary>The valid attestation for whose sake an image was signed anew; approval was not weighed again.</summary>
/// <param name="KeyVersion">The key version that signed it; the id of a key that Cloud KMS does not hold.</param>
/// <param name="Occurrence"><c>projects/P/occurrences/ID</c>.</param>
/// <param name="Digest"><c>sha256:…</c> of the payload that was verified.</param>
/// <param name="Attested">When the service stored it, UTC; null: the service did not say.</param>
internal sealed record ResignedFrom(string KeyVersion, string Occurrence, string Digest, DateTimeOffset? Attested)
{
    /// <summary>An attestation that a key of the attestor verifies.</summary>
    /// <param name="attestation">The attestation as it is stored.</param>
    /// <param name="keyId">The public key id under which the attestor lists that key.</param>
    public static ResignedFrom Of(Attestation attestation, string keyId) => new(
        KeyVersionName.TryParsePublicKeyId(keyId, out var version) ? version.ToString() : keyId,
        attestation.Name,
        EvidenceReference.To(attestation.Name, attestation.Payload.Span).Digest,
        attestation.CreateTime);
}
