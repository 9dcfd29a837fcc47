using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace BinAuthz.Emulator.Tests.ArtifactRegistry;

/// <summary>A small OCI image, or an index of some.</summary>
internal sealed class TestImage
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    public const string IndexType = "application/vnd.oci.image.index.v1+json";

    private TestImage(string mediaType, string manifest, IReadOnlyList<byte[]> blobs, IReadOnlyList<TestImage> children)
    {
        (MediaType, Manifest, Blobs, Children) = (mediaType, Encoding.UTF8.GetBytes(manifest), blobs, children);
        Digest = DigestOf(Manifest);
    }

    public string MediaType { get; }

    public byte[] Manifest { get; }

    public string Digest { get; }

    public IReadOnlyList<byte[]> Blobs { get; }

    public IReadOnlyList<TestImage> Children { get; }

    public static string DigestOf(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    public static TestImage Single(string content = "hello", string architecture = "amd64")
    {
        var config = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { created = "2026-10-01T08:14:20Z", architecture, os = "linux", content }));
        var layer = Encoding.UTF8.GetBytes(content);
        var manifest = JsonSerializer.Serialize(new
        {
            schemaVersion = 2,
            mediaType = ManifestType,
            config = new { mediaType = "application/vnd.oci.image.config.v1+json", digest = DigestOf(config), size = config.Length },
            layers = new[] { new { mediaType = "application/vnd.oci.image.layer.v1.tar+gzip", digest = DigestOf(layer), size = layer.Length } },
        });
        return new TestImage(ManifestType, manifest, [config, layer], []);
    }

    /// <summary>An index of an image per architecture; "unknown" is what builders add beside the images.</summary>
    public static TestImage Index(params string[] architectures)
    {
        var children = architectures.Select(architecture => Single("built for " + architecture, architecture)).ToList();
        var manifest = JsonSerializer.Serialize(new
        {
            schemaVersion = 2,
            mediaType = IndexType,
            manifests = children.Zip(architectures, (child, architecture) => new
            {
                mediaType = child.MediaType,
                digest = child.Digest,
                size = child.Manifest.Length,
                platform = new { architecture, os = architecture == "unknown" ? "unknown" : "linux" },
            }),
        });
        return new TestImage(IndexType, manifest, [], children);
    }
}
