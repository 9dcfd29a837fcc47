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
    /// <summary>Verifies every attestation of a digest, by the version that is to sign and by the others apart: one may bear signatures of both.</summary>
    public static ResignSource Find(IReadOnlyCollection<Attestation> existing, ImageDigest digest, Attestor attestor, KeyVersionName key)
    {
        var wanted = new AttestationVerifier(attestor with { Keys = [.. attestor.Keys.Where(each => each.Id == key.PublicKeyId)] });
        var others = new AttestationVerifier(attestor with { Keys = [.. attestor.Keys.Where(each => each.Id != key.PublicKeyId)] });
        var sources = existing
            .Select(attestation => (Attestation: attestation, Verdict: others.Verify(attestation, digest) as AttestationVerdict.Valid))
            .Where(each => each.Verdict is not null)
            .OrderByDescending(each => KeyVersionName.TryParsePublicKeyId(each.Verdict!.KeyId, out var version) ? version.Version : 0)
            .ThenBy(each => each.Attestation.Name, StringComparer.Ordinal)
            .Select(each => ResignedFrom.Of(each.Attestation, each.Verdict!.KeyId));
        return new ResignSource(existing.FirstOrDefault(attestation => wanted.Verify(attestation, digest) is AttestationVerdict.Valid), sources.FirstOrDefault());
    }
}
