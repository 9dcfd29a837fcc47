using BinAuthz.Approval.Content;
using BinAuthz.Images;
using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>
/// Artifact Registry by the OCI distribution API: the manifests and configurations of images. Every byte string is
/// verified by its digest before it is read (docs: github.com/opencontainers/distribution-spec/blob/main/spec.md#pull).
/// </summary>
internal sealed class RegistryClient(GoogleHttp http)
{
    /// <summary>In bytes. The distribution specification lets registries refuse more.</summary>
    public const int LargestManifest = 4 * 1024 * 1024;

    /// <summary>In bytes.</summary>
    public const int LargestConfiguration = 8 * 1024 * 1024;

    /// <summary>How many platforms an index may have; each costs two requests.</summary>
    public const int MostPlatforms = 100;

    private static readonly string[] ManifestTypes =
    [
        "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.list.v2+json",
    ];

    /// <summary>
    /// Reads an image: its manifest, then its configuration; of an index the manifests of all platforms at once in
    /// between. That is two round trips one after the other, and three for an index.
    /// </summary>
    /// <returns>Null: the registry does not have the image, or not all of it.</returns>
    /// <exception cref="GoogleCallException">A call was refused or not answered.</exception>
    /// <exception cref="CorruptedInTransitException">Bytes have another digest than the one that was asked for.</exception>
    public async Task<ImageContent?> FindAsync(ImageReference image, CancellationToken cancellationToken)
    {
        try
        {
            var manifest = await ManifestAsync(image, cancellationToken).ConfigureAwait(false);
            return manifest is OciManifest.Index index
                ? await IndexAsync(image, index, cancellationToken).ConfigureAwait(false)
                : new ImageContent([], [await ConfigurationAsync(image, manifest, "", cancellationToken).ConfigureAwait(false)]);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>The digests of all manifests that an index holds, what buildx stores beside the images too.</summary>
    /// <returns>None: the registry does not have it, or it is no index that can be read.</returns>
    /// <exception cref="GoogleCallException">The call was refused or not answered.</exception>
    /// <exception cref="CorruptedInTransitException">The bytes have another digest than the one that was asked for.</exception>
    public async Task<IReadOnlyList<ImageDigest>> ListManifestsAsync(ImageReference index, CancellationToken cancellationToken)
    {
        try
        {
            return await ManifestAsync(index, cancellationToken).ConfigureAwait(false) is OciManifest.Index { Platforms: var platforms } ? [.. platforms.Select(platform => platform.Digest)] : [];
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return [];
        }
    }

    private async Task<ImageContent> IndexAsync(ImageReference image, OciManifest.Index index, CancellationToken cancellationToken)
    {
        PlatformManifest[] platforms = [.. index.Platforms.Where(platform => platform.IsRunnable).DistinctBy(platform => platform.Digest)];
        if (platforms.Length is 0 or > MostPlatforms)
        {
            var fault = $"it is an index of {platforms.Length} platforms, and 1 to {MostPlatforms} are read";
            return new ImageContent([.. platforms.Select(platform => platform.Digest)], [ImageConfiguration.Unreadable(image.Digest, image.Digest, "index", fault)]);
        }

        var configurations = await Task.WhenAll(platforms.Select(platform => PlatformAsync(image, platform, cancellationToken))).ConfigureAwait(false);
        return new ImageContent([.. platforms.Select(platform => platform.Digest)], configurations);
    }

    private async Task<ImageConfiguration> PlatformAsync(ImageReference index, PlatformManifest platform, CancellationToken cancellationToken)
    {
        var (image, name) = (index.WithDigest(platform.Digest), platform.Os.Length == 0 ? "" : $"{platform.Os}/{platform.Architecture}");
        return await ConfigurationAsync(image, await ManifestAsync(image, cancellationToken).ConfigureAwait(false), name, cancellationToken).ConfigureAwait(false);
    }

    private async Task<OciManifest> ManifestAsync(ImageReference image, CancellationToken cancellationToken) =>
        await ReadAsync(image, "manifests", image.Digest, LargestManifest, cancellationToken).ConfigureAwait(false) is { } bytes
            ? OciManifest.Parse(bytes)
            : new OciManifest.Unreadable($"its manifest has more than {LargestManifest} bytes");

    private async Task<ImageConfiguration> ConfigurationAsync(ImageReference image, OciManifest manifest, string platform, CancellationToken cancellationToken)
    {
        var name = platform.Length > 0 ? platform : "image";
        return manifest switch
        {
            OciManifest.Image { Configuration: var digest } => await ReadAsync(image, "blobs", digest, LargestConfiguration, cancellationToken).ConfigureAwait(false) is { } bytes
                ? OciConfiguration.Parse(image.Digest, digest, platform, bytes)
                : ImageConfiguration.Unreadable(image.Digest, digest, name, $"its configuration has more than {LargestConfiguration} bytes"),
            OciManifest.Unreadable { Fault: var fault } => ImageConfiguration.Unreadable(image.Digest, image.Digest, name, fault),
            _ => ImageConfiguration.Unreadable(image.Digest, image.Digest, name, "it is an index within an index"),
        };
    }

    private async Task<byte[]?> ReadAsync(ImageReference image, string kind, ImageDigest digest, int maximum, CancellationToken cancellationToken)
    {
        var call = new HttpCall($"{kind}.get", $"{image.Name}@{digest}", image.Registry, HttpMethod.Get, $"v2/{image.Repository}/{kind}/{digest}")
        {
            Accept = kind == "manifests" ? ManifestTypes : [],
        };
        var bytes = await http.ReadAsync(call, maximum, cancellationToken).ConfigureAwait(false);
        return bytes is null || ImageDigest.Of(bytes) == digest
            ? bytes
            : throw new CorruptedInTransitException($"{call.Method} for {call.Resource} was answered with bytes of the digest {ImageDigest.Of(bytes)}. Nothing of them was read; look for a proxy that changes answers of {image.Registry}.");
    }
}
