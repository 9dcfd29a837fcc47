using System.Text.Json;
using BinAuthz.Images;

namespace BinAuthz.GoogleCloud;

/// <summary>A manifest of the OCI image specification or of Docker: an image, an index of images, or nothing that can be read.</summary>
internal abstract record OciManifest
{
    private OciManifest()
    {
    }

    /// <summary>Reads a manifest whose digest was verified.</summary>
    public static OciManifest Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = OciJson.Parse(bytes);
            return Read(document.RootElement);
        }
        catch (Exception error) when (OciJson.IsUnreadable(error))
        {
            return new Unreadable($"its manifest cannot be read: {error.Message}");
        }
    }

    private static OciManifest Read(JsonElement root)
    {
        var manifests = OciJson.Items(root, "manifests");
        var config = OciJson.Member(root, "config");
        if (manifests is null)
        {
            return config is { } descriptor ? new Image(Digest(descriptor)) : new Unreadable("its manifest names no configuration");
        }

        // A runtime could take it for either: CVE-2021-41190.
        return config is null && OciJson.Member(root, "layers") is null
            ? new Index([.. manifests.Select(Platform)])
            : new Unreadable("its manifest is an image and an index at once");
    }

    private static PlatformManifest Platform(JsonElement descriptor) => OciJson.Member(descriptor, "platform") is { } platform
        ? new PlatformManifest(Digest(descriptor), OciJson.Text(platform, "os"), OciJson.Text(platform, "architecture"))
        : new PlatformManifest(Digest(descriptor), "", "");

    private static ImageDigest Digest(JsonElement descriptor) =>
        ImageDigest.TryParse(OciJson.Text(descriptor, "digest"), out var digest) ? digest : throw new JsonException("a descriptor has no sha256 digest");

    /// <summary>An image for one platform.</summary>
    internal sealed record Image(ImageDigest Configuration) : OciManifest;

    /// <summary>An image for several platforms.</summary>
    internal sealed record Index(IReadOnlyList<PlatformManifest> Platforms) : OciManifest;

    /// <summary>Something else.</summary>
    /// <param name="Fault">Why, as the end of a sentence.</param>
    internal sealed record Unreadable(string Fault) : OciManifest;
}
