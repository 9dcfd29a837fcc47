using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Rotation;

/// <summary>Gathers from an attestor's attestations which digests count now, and which counted by a version that was revoked. What verifies by none of these keys is passed over.</summary>
internal sealed class AttestedDigests(Attestor attestor, IReadOnlyList<RevokedVersion> revoked)
{
    private readonly AttestationVerifier verifier = new(attestor);
    private readonly Dictionary<ImageDigest, AttestedDigest> digests = [];

    /// <summary>Those whose name can be read.</summary>
    public IEnumerable<AttestedDigest> All => digests.Values.Where(digest => digest.Images.Count > 0);

    /// <summary>Those that have no name that a container runtime could read.</summary>
    public IEnumerable<ImageDigest> Unnamed => digests.Values.Where(digest => digest.Images.Count == 0).Select(digest => digest.Digest);

    /// <summary>Verifies attestations on all cores, and takes what they say.</summary>
    public void Add(IReadOnlyList<Attestation> page, CancellationToken cancellationToken)
    {
        foreach (var verified in page.AsParallel().WithCancellation(cancellationToken).Select(Verify).OfType<Verified>().ToArray())
        {
            Add(verified);
        }
    }

    private Verified? Verify(Attestation attestation)
    {
        var uri = attestation.ResourceUri;
        if (!ImageDigest.TryParse(uri[(uri.LastIndexOf('@') + 1)..], out var digest))
        {
            return null;
        }

        var signers = verifier.SignersOf(attestation, digest);
        KeyVersionName[] versions = [.. revoked.Where(version => version.Verifier.SignersOf(attestation, digest).Count > 0).Select(version => version.Version)];
        return signers.Count == 0 && versions.Length == 0 ? null : new Verified(digest, NameOf(attestation, digest), signers, versions, attestation.CreateTime ?? DateTimeOffset.MaxValue);
    }

    private void Add(Verified verified)
    {
        if (!digests.TryGetValue(verified.Digest, out var digest))
        {
            digests[verified.Digest] = digest = new AttestedDigest(verified.Digest);
        }

        if (verified.Image is { } image)
        {
            digest.Images.Add(image);
        }

        digest.KeyIds.UnionWith(verified.Signers);
        foreach (var version in verified.Revoked)
        {
            digest.Revoked[version] = digest.Revoked.TryGetValue(version, out var earlier) && earlier < verified.Attested ? earlier : verified.Attested;
        }
    }

    // Admission looks at the digest alone, so that any name will do.
    private static ImageReference? NameOf(Attestation attestation, ImageDigest digest) =>
        Read(attestation.ResourceUri)
        ?? (AttestationPayload.TryParse(attestation.Payload, out var payload, out _) && payload.DockerReference is { } reference ? Read($"{reference.Split('@')[0]}@{digest}") : null);

    // A name without a registry is Docker Hub's, as container runtimes read it.
    private static ImageReference? Read(string text)
    {
        var bare = text[(text.IndexOf("//", StringComparison.Ordinal) is var slashes and >= 0 ? slashes + 2 : 0)..];
        return ImageReference.TryParse(bare, out var image) || ImageReference.TryParse($"docker.io/{(bare.Contains('/', StringComparison.Ordinal) ? "" : "library/")}{bare}", out image) ? image : null;
    }

    private sealed record Verified(ImageDigest Digest, ImageReference? Image, IReadOnlyList<string> Signers, IReadOnlyList<KeyVersionName> Revoked, DateTimeOffset Attested);
}
