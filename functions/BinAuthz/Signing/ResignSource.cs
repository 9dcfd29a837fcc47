using BinAuthz.Attestations;
using BinAuthz.Decisions;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Signing;

/// <summary>What the valid attestations of an image say before it is signed anew.</summary>
/// <param name="New">A valid attestation by the version that is to sign; null: it is missing.</param>
/// <param name="From">The valid attestation by another key, of several that of the newest version; null: there is none.</param>
internal sealed record ResignSource(Attestation? New, ResignedFrom? From)
{
    /// <summary>Verifies every attestation of a digest; one may bear signatures of the version that is to sign and of others.</summary>
    public static ResignSource Find(IReadOnlyCollection<Attestation> existing, ImageDigest digest, Attestor attestor, KeyVersionName key)
    {
        var verifier = new AttestationVerifier(attestor);
        var valid = existing.Select(attestation => (Attestation: attestation, Signers: verifier.SignersOf(attestation, digest))).ToArray();
        var sources = valid
            .Select(each => (each.Attestation, KeyId: each.Signers.FirstOrDefault(id => id != key.PublicKeyId)))
            .Where(each => each.KeyId is not null)
            .OrderByDescending(each => KeyVersionName.TryParsePublicKeyId(each.KeyId, out var version) ? version.Version : 0)
            .ThenBy(each => each.Attestation.Name, StringComparer.Ordinal)
            .Select(each => ResignedFrom.Of(each.Attestation, each.KeyId!));
        return new ResignSource(valid.FirstOrDefault(each => each.Signers.Contains(key.PublicKeyId)).Attestation, sources.FirstOrDefault());
    }
}
