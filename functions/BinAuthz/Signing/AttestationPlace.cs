using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Signing;

/// <summary>
/// Where a further attestation of an image can be stored. The service refuses duplicates, and what makes one is not
/// documented: the note and the resource URI at least. Binary Authorization looks at the digest alone, so that an image has
/// two places, <c>https://IMAGE@DIGEST</c> and <c>IMAGE@DIGEST</c>.
/// </summary>
internal abstract record AttestationPlace
{
    private AttestationPlace()
    {
    }

    /// <summary>Nothing stands there.</summary>
    internal sealed record Free(string ResourceUri) : AttestationPlace;

    /// <summary>What stands there is worth nothing: no key of the attestor verifies it.</summary>
    internal sealed record InsteadOf(Attestation Dead) : AttestationPlace;

    /// <summary>Both places are taken by what counts; this valid attestation may bear one more signature.</summary>
    /// <param name="Standing">The attestation.</param>
    /// <param name="Spare">The name of another valid one; null: there is none.</param>
    internal sealed record Beside(Attestation Standing, string? Spare) : AttestationPlace;

    /// <summary>There is none.</summary>
    internal sealed record None : AttestationPlace;

    /// <summary>What is to be signed for this place: the bytes that stand there, or new ones.</summary>
    public ReadOnlyMemory<byte> Payload(ImageReference image) => this is Beside beside ? beside.Standing.Payload : AttestationPayload.Create(image);

    /// <summary>What stands there with a signature over <see cref="Payload"/>; other signatures stay.</summary>
    /// <exception cref="InvalidOperationException">It is no place.</exception>
    public Attestation With(ImageReference image, NoteName note, AttestationSignature signature) => this switch
    {
        Free free => new Attestation("", free.ResourceUri, note, Payload(image), [signature], null),
        InsteadOf { Dead: var dead } => new Attestation("", dead.ResourceUri, note, Payload(image), [signature], null),
        Beside { Standing: var standing } => standing with { Signatures = [.. standing.Signatures.Where(other => other.PublicKeyId != signature.PublicKeyId), signature] },
        _ => throw new InvalidOperationException($"There is no place for an attestation of {image}."),
    };

    /// <summary>The place for the next attestation.</summary>
    /// <param name="image">The image.</param>
    /// <param name="existing">Every attestation of its digest under the attestor's note.</param>
    /// <param name="attestor">With the keys of now.</param>
    /// <param name="refused">The resource URIs that the service has refused although nothing is listed there.</param>
    public static AttestationPlace Choose(ImageReference image, IReadOnlyCollection<Attestation> existing, Attestor attestor, IReadOnlySet<string> refused)
    {
        string[] uris = [image.ResourceUri, image.ToString()];
        if (Array.Find(uris, uri => !refused.Contains(uri) && existing.All(other => other.ResourceUri != uri)) is { } free)
        {
            return new Free(free);
        }

        var verifier = new AttestationVerifier(attestor);
        var standing = existing.Where(other => uris.Contains(other.ResourceUri)).ToArray();
        var valid = existing.Where(other => verifier.Verify(other, image.Digest) is AttestationVerdict.Valid).OrderBy(other => other.Name, StringComparer.Ordinal).ToArray();
        return Array.Find(standing, other => !refused.Contains(other.ResourceUri) && IsDead(other, image.Digest, attestor, verifier)) is { } dead ? new InsteadOf(dead)
            : valid.Length > 0 ? new Beside(valid[0], valid.ElementAtOrDefault(1)?.Name)
            : new None();
    }

    // Binary Authorization may accept what cannot be verified here, such as a PGP signature: that is never deleted.
    private static bool IsDead(Attestation attestation, ImageDigest digest, Attestor attestor, AttestationVerifier verifier)
    {
        var unreadable = attestor.Keys.Where(key => !key.TryImport(out _, out _)).Select(key => key.Id).ToHashSet(StringComparer.Ordinal);
        return verifier.Verify(attestation, digest) is AttestationVerdict.Invalid { Code: AttestationFault.NoSignature or AttestationFault.UnknownKey or AttestationFault.BadSignature }
            && attestation.Signatures.All(signature => !unreadable.Contains(signature.PublicKeyId)
                && (unreadable.Count == 0 || KeyVersionName.TryParsePublicKeyId(signature.PublicKeyId, out _)));
    }
}
