using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Signing;

/// <summary>An image and the platforms of it that a runtime may be asked about, and which of them have a valid attestation.</summary>
internal sealed class SigningTargets(ImageReference image, RegistryImage registered, AttestationVerifier verifier, IReadOnlyList<Attestation> attestations)
{
    /// <summary>The image that was asked for.</summary>
    public ImageReference Image => image;

    /// <summary>The digests of its platforms; what buildx stores beside them is left out.</summary>
    public IReadOnlyList<ImageDigest> Platforms { get; } = registered.RunnablePlatforms;

    /// <summary>Whether there are platforms.</summary>
    public bool IsIndex => Platforms.Count > 0;

    /// <summary>Whether the image itself has a valid attestation.</summary>
    public bool ImageIsAttested => IsAttested(image.Digest);

    /// <summary>What has no valid attestation: the platforms, then the image.</summary>
    public IReadOnlyList<ImageReference> Missing => [.. Platforms.Append(image.Digest).Where(digest => !IsAttested(digest)).Select(image.WithDigest)];

    /// <summary>The image and its platforms.</summary>
    public IReadOnlyList<ImageReference> All => [.. Platforms.Append(image.Digest).Select(image.WithDigest)];

    /// <summary>The key version whose attestation counts for a digest; null: there is none, or its key is not of Cloud KMS.</summary>
    public KeyVersionName? SignerOf(ImageDigest digest) =>
        attestations.Select(attestation => verifier.Verify(attestation, digest)).OfType<AttestationVerdict.Valid>().FirstOrDefault() is { } valid
        && KeyVersionName.TryParsePublicKeyId(valid.KeyId, out var version) ? version : null;

    /// <summary>The same with more attestations to look at.</summary>
    public SigningTargets With(IReadOnlyList<Attestation> more) => new(image, registered, verifier, [.. attestations, .. more]);

    private bool IsAttested(ImageDigest digest) => attestations.Any(attestation => verifier.Verify(attestation, digest) is AttestationVerdict.Valid);
}
