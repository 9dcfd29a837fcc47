using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Oci;
using BinAuthz.Images;

namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>Pushes the smallest images that there are: a configuration that says what they merit, and no layer.</summary>
internal sealed class SimulatedRegistry(HttpClient http)
{
    private const string Registry = "us-central1-docker.pkg.dev";
    private readonly HashSet<string> pushed = [];

    /// <summary>The approval policy, by which labels decide.</summary>
    /// <param name="project">Whose images.</param>
    /// <param name="approved">What images must merit.</param>
    public static string Policy(string project, params IEnumerable<ImageMerit> approved) => $$"""
        environment: production
        attestor: projects/{{project}}/attestors/production-attestor
        rules:
          repositories: [{{Registry}}/{{project}}/app/*]
          provenance: none
          labels:
            merit: [{{string.Join(", ", approved)}}]
        """;

    /// <summary>Pushes an image, or an index of two platforms.</summary>
    /// <returns>What it consists of; the image that is to be signed is the first.</returns>
    public async Task<IReadOnlyList<ImageReference>> PushAsync(string project, string name, string content, ImageMerit merit, bool isIndex)
    {
        if (!isIndex)
        {
            return [await PushManifestAsync(project, name, await ManifestAsync(project, name, content, merit, "amd64"))];
        }

        var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.OciIndex, ["manifests"] = new JsonArray() };
        var platforms = new List<ImageReference>();
        foreach (var architecture in (string[])["amd64", "arm64"])
        {
            var manifest = await ManifestAsync(project, name, content, merit, architecture);
            platforms.Add(await PushManifestAsync(project, name, manifest));
            var descriptor = Describe(MediaTypes.OciManifest, JsonSerializer.SerializeToUtf8Bytes(manifest));
            descriptor["platform"] = new JsonObject { ["architecture"] = architecture, ["os"] = "linux" };
            index["manifests"]!.AsArray().Add(descriptor);
        }

        return [await PushManifestAsync(project, name, index), .. platforms];
    }

    private async Task<JsonObject> ManifestAsync(string project, string name, string content, ImageMerit merit, string architecture)
    {
        var config = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Labels"] = new JsonObject { ["merit"] = merit.ToString() } },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray() },
        });
        if (pushed.Add(Digests.Of(config)))
        {
            await SendAsync(HttpMethod.Post, $"v2/{project}/app/{name}/blobs/uploads/?digest={Digests.Of(config)}", config, "application/octet-stream");
        }

        return new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.OciManifest,
            ["config"] = Describe(MediaTypes.OciConfig, config),
            ["layers"] = new JsonArray(),
            ["annotations"] = new JsonObject { ["content"] = content },
        };
    }

    private async Task<ImageReference> PushManifestAsync(string project, string name, JsonObject manifest)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest);
        await SendAsync(HttpMethod.Put, $"v2/{project}/app/{name}/manifests/{Digests.Of(bytes)}", bytes, manifest["mediaType"]!.GetValue<string>());
        return ImageReference.Parse($"{Registry}/{project}/app/{name}@{Digests.Of(bytes)}");
    }

    private static JsonObject Describe(string mediaType, byte[] content) => new() { ["mediaType"] = mediaType, ["digest"] = Digests.Of(content), ["size"] = content.Length };

    private async Task SendAsync(HttpMethod method, string path, byte[] content, string type)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(content) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } } };
        request.Headers.Host = Registry;
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
