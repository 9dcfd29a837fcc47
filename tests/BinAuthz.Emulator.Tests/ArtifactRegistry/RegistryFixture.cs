using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Client = Google.Cloud.ArtifactRegistry.V1.ArtifactRegistry.ArtifactRegistryClient;

namespace BinAuthz.Emulator.Tests.ArtifactRegistry;

/// <summary>The registry of an emulator, as docker and skopeo speak to it.</summary>
internal sealed class RegistryFixture(TestEmulator emulator)
{
    public const string Repository = "projects/acme-prod/locations/us-central1/repositories/app";

    public const string Package = Repository + "/packages/server";

    public const string Path = "acme-prod/app/server";

    public const string Reference = "us-central1-docker.pkg.dev/" + Path;

    public Client Client { get; } = new(emulator.Channel);

    /// <summary>Pushes blobs and children, then the manifest by tag, or by digest when there is no tag.</summary>
    public async Task PushAsync(TestImage image, string? tag = null, string path = Path)
    {
        foreach (var child in image.Children)
        {
            await PushAsync(child, null, path);
        }

        foreach (var blob in image.Blobs)
        {
            using var response = await SendAsync(HttpMethod.Post, $"/v2/{path}/blobs/uploads/?digest={TestImage.DigestOf(blob)}", blob);
            Assert.Equal(201, (int)response.StatusCode);
        }

        using var pushed = await PutManifestAsync(image.Manifest, image.MediaType, tag ?? image.Digest, path);
        Assert.Equal((201, image.Digest), ((int)pushed.StatusCode, pushed.Headers.GetValues("Docker-Content-Digest").Single()));
    }

    public Task<HttpResponseMessage> PutManifestAsync(byte[] manifest, string mediaType, string reference, string path = Path) =>
        SendAsync(HttpMethod.Put, $"/v2/{path}/manifests/{reference}", manifest, mediaType);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[]? body = null, string mediaType = "application/octet-stream", string? range = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
            if (range is not null)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Range", range);
            }
        }

        return await emulator.Rest.SendAsync(request, TestEmulator.Stop);
    }

    /// <summary>The code of an answer of the distribution API that is an error.</summary>
    public static async Task<string> CodeAsync(HttpResponseMessage response) =>
        (string)JsonNode.Parse(await response.Content.ReadAsStringAsync(TestEmulator.Stop))!["errors"]![0]!["code"]!;
}
