using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using BinAuthz.Cli.Emulation;
using BinAuthz.Images;

namespace Benchmarks;

/// <summary>Images in the emulated registry, with provenance: each has a manifest of its own over one config and one layer.</summary>
internal static class Images
{
    public const string Project = "acme-prod";
    public const string Name = "us-central1-docker.pkg.dev/acme-prod/app/server";

    public const string Policy = """
        environment: production
        attestor: projects/acme-prod/attestors/production-attestor
        rules:
          repositories: [us-central1-docker.pkg.dev/acme-prod/app/**]
          provenance:
            builders: [https://cloudbuild.googleapis.com/GoogleHostedWorker]
            sources: [https://github.com/acme/app]
            keys:
              - kms: projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/google-hosted-worker/cryptoKeyVersions/1
        """;

    /// <summary>The same, with the rules that read scans and configurations.</summary>
    public const string ThoroughPolicy =
        Policy + "\n  vulnerabilities: {maximumFixable: LOW, maximumUnfixable: LOW, maxAge: 30d}\n  labels: {team: payments}\n  notRoot: true\n";

    private static readonly BuildSource Source = new("https://github.com/acme/app", "refs/heads/main", "0f1e2d3c4b5a69788796a5b4c3d2e1f001122334");

    public static async Task<IReadOnlyList<ImageReference>> MakeAsync(HttpClient http, int count, CancellationToken cancellationToken)
    {
        var layer = await PushBlobAsync(http, "layer"u8.ToArray(), cancellationToken);
        var config = await PushBlobAsync(http, """{"architecture":"amd64","os":"linux","config":{"User":"65532","Labels":{"team":"payments"}},"rootfs":{"type":"layers","diff_ids":[]}}"""u8.ToArray(), cancellationToken);
        var images = new ConcurrentBag<ImageReference>();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (index, token) =>
        {
            var manifest = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$$"""
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{config.Digest}}}","size":{{{config.Size}}}},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{{layer.Digest}}}","size":{{{layer.Size}}}}],"annotations":{"number":"{{{index}}}"}}
                """));
            var image = ImageReference.Parse($"{Name}@{Digest(manifest)}");
            await SendAsync(http, HttpMethod.Put, $"/v2/acme-prod/app/server/manifests/{image.Digest}", manifest, "application/vnd.oci.image.manifest.v1+json", token);
            await CloudBuild.RecordAsync(http, image.ToString(), Source, token);
            await VulnerabilityScan.RecordAsync(http, image.ToString(), "FINISHED_SUCCESS", [], token);
            images.Add(image);
        });
        return [.. images];
    }

    private static async Task<(string Digest, int Size)> PushBlobAsync(HttpClient http, byte[] content, CancellationToken cancellationToken)
    {
        var digest = Digest(content);
        await SendAsync(http, HttpMethod.Post, $"/v2/acme-prod/app/server/blobs/uploads/?digest={Uri.EscapeDataString(digest)}", content, "application/octet-stream", cancellationToken);
        return (digest, content.Length);
    }

    private static async Task SendAsync(HttpClient http, HttpMethod method, string path, byte[] content, string type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(type) } } };
        request.Headers.Host = "us-central1-docker.pkg.dev";
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
}
