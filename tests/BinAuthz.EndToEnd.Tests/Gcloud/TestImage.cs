using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace BinAuthz.EndToEnd.Tests.Gcloud;

/// <summary>A small OCI image, always the same one, and its push by the distribution protocol.</summary>
internal static class TestImage
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private static readonly byte[] Layer = Encoding.UTF8.GetBytes("one layer that nothing unpacks");

    private static readonly byte[] Config = Encoding.UTF8.GetBytes(
        """{"architecture":"amd64","os":"linux","created":"2026-01-02T03:04:05Z","config":{},"rootfs":{"type":"layers","diff_ids":[]}}""");

    private static readonly byte[] Manifest = Encoding.UTF8.GetBytes(
        $$"""{"schemaVersion":2,"mediaType":"{{ManifestType}}","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{DigestOf(Config)}}","size":{{Config.Length}}},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{{DigestOf(Layer)}}","size":{{Layer.Length}}}]}""");

    public static string Digest { get; } = DigestOf(Manifest);

    /// <summary>Pushes it as <paramref name="repository"/> (project, repository and image) under <paramref name="tag"/>.</summary>
    public static async Task PushAsync(HttpClient registry, string repository, string tag, CancellationToken cancellationToken)
    {
        await PushBlobAsync(registry, repository, Layer, cancellationToken);
        await PushBlobAsync(registry, repository, Config, cancellationToken);
        using var manifest = new ByteArrayContent(Manifest) { Headers = { ContentType = new MediaTypeHeaderValue(ManifestType) } };
        using var response = await registry.PutAsync(new Uri($"v2/{repository}/manifests/{tag}", UriKind.Relative), manifest, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static async Task PushBlobAsync(HttpClient registry, string repository, byte[] bytes, CancellationToken cancellationToken)
    {
        using var blob = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var response = await registry.PostAsync(new Uri($"v2/{repository}/blobs/uploads/?digest={DigestOf(bytes)}", UriKind.Relative), blob, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static string DigestOf(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}
