using System.Text;
using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Tests.ArtifactRegistry;

public sealed class DistributionTests
{
    private static readonly byte[] Blob = Encoding.UTF8.GetBytes("a layer in two chunks");

    [Theory]
    [InlineData("/v2")]
    [InlineData("/v2/")]
    public async Task Ping_AnyClient_IsWelcome(string path)
    {
        await using var emulator = await TestEmulator.StartAsync();

        using var response = await new RegistryFixture(emulator).SendAsync(HttpMethod.Get, path);

        Assert.Equal((200, "registry/2.0"), ((int)response.StatusCode, response.Headers.GetValues("Docker-Distribution-Api-Version").Single()));
    }

    [Theory]
    [InlineData("v1")]
    [InlineData(null)]
    public async Task PutManifest_ByTagOrDigest_IsReadBackByteForByte(string? tag)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        var image = TestImage.Single();
        await registry.PushAsync(image, tag);

        using var pulled = await registry.SendAsync(HttpMethod.Get, $"/v2/{RegistryFixture.Path}/manifests/{tag ?? image.Digest}");
        using var head = await registry.SendAsync(HttpMethod.Head, $"/v2/{RegistryFixture.Path}/manifests/{image.Digest}");
        using var blob = await registry.SendAsync(HttpMethod.Get, $"/v2/{RegistryFixture.Path}/blobs/{TestImage.DigestOf(image.Blobs[1])}");

        Assert.Equal(image.Manifest, await pulled.Content.ReadAsByteArrayAsync(TestEmulator.Stop));
        Assert.Equal((TestImage.ManifestType, image.Digest), (pulled.Content.Headers.ContentType!.MediaType, pulled.Headers.GetValues("Docker-Content-Digest").Single()));
        Assert.Equal((200, image.Manifest.Length), ((int)head.StatusCode, head.Content.Headers.ContentLength));
        Assert.Equal(image.Blobs[1], await blob.Content.ReadAsByteArrayAsync(TestEmulator.Stop));
    }

    [Fact]
    public async Task Upload_InChunks_StoresTheBlob()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        var upload = await BeginAsync(registry);
        using var first = await registry.SendAsync(HttpMethod.Patch, upload, Blob[..8], range: "0-7");
        using var status = await registry.SendAsync(HttpMethod.Get, upload);
        using var second = await registry.SendAsync(HttpMethod.Patch, upload, Blob[8..], range: $"8-{Blob.Length - 1}");

        using var done = await registry.SendAsync(HttpMethod.Put, $"{upload}?digest={TestImage.DigestOf(Blob)}", []);
        using var head = await registry.SendAsync(HttpMethod.Head, done.Headers.Location!.ToString());

        Assert.Equal((202, "0-7", 204, "0-7"), ((int)first.StatusCode, Range(first), (int)status.StatusCode, Range(status)));
        Assert.Equal((202, $"0-{Blob.Length - 1}"), ((int)second.StatusCode, Range(second)));
        Assert.Equal((201, 200, Blob.Length), ((int)done.StatusCode, (int)head.StatusCode, head.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task Upload_ChunkOutOfOrder_IsRefusedWithWhatIsThere()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        var upload = await BeginAsync(registry);
        using var first = await registry.SendAsync(HttpMethod.Patch, upload, Blob[..8], range: "0-7");

        using var gap = await registry.SendAsync(HttpMethod.Patch, upload, Blob[10..], range: $"10-{Blob.Length - 1}");

        Assert.Equal((416, "0-7"), ((int)gap.StatusCode, Range(gap)));
    }

    [Theory]
    [InlineData("sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha256:short")]
    [InlineData("md5:5d41402abc4b2a76b9719d911017c592")]
    public async Task Upload_OfAnotherDigest_IsRefused(string digest)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);

        using var chunked = await registry.SendAsync(HttpMethod.Put, $"{await BeginAsync(registry)}?digest={digest}", Blob);
        using var atOnce = await registry.SendAsync(HttpMethod.Post, $"/v2/{RegistryFixture.Path}/blobs/uploads/?digest={digest}", Blob);
        using var head = await registry.SendAsync(HttpMethod.Head, $"/v2/{RegistryFixture.Path}/blobs/{digest}");

        Assert.Equal((400, "DIGEST_INVALID"), ((int)chunked.StatusCode, await RegistryFixture.CodeAsync(chunked)));
        Assert.Equal((400, "DIGEST_INVALID"), ((int)atOnce.StatusCode, await RegistryFixture.CodeAsync(atOnce)));
        Assert.Equal(404, (int)head.StatusCode);
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task Upload_Unknown_IsRefused(string upload)
    {
        await using var emulator = await TestEmulator.StartAsync();

        using var response = await new RegistryFixture(emulator).SendAsync(HttpMethod.Patch, $"/v2/{RegistryFixture.Path}/blobs/uploads/{Uri.EscapeDataString(upload)}", Blob);

        Assert.Equal((404, "BLOB_UPLOAD_UNKNOWN"), ((int)response.StatusCode, await RegistryFixture.CodeAsync(response)));
    }

    [Fact]
    public async Task Upload_Abandoned_IsGone()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        var upload = await BeginAsync(registry);

        using var abandoned = await registry.SendAsync(HttpMethod.Delete, upload);
        using var after = await registry.SendAsync(HttpMethod.Get, upload);

        Assert.Equal((204, 404), ((int)abandoned.StatusCode, (int)after.StatusCode));
    }

    [Fact]
    public async Task Upload_MountOfABlobThatIsThere_NeedsNoContent()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        var image = TestImage.Single();
        await registry.PushAsync(image, "v1");

        using var mounted = await registry.SendAsync(HttpMethod.Post, $"/v2/acme-prod/app/other/blobs/uploads/?mount={TestImage.DigestOf(image.Blobs[0])}&from={RegistryFixture.Path}", []);
        using var missing = await registry.SendAsync(HttpMethod.Post, $"/v2/acme-prod/app/other/blobs/uploads/?mount={TestImage.DigestOf(Blob)}&from={RegistryFixture.Path}", []);

        Assert.Equal((201, 202), ((int)mounted.StatusCode, (int)missing.StatusCode));
    }

    public static TheoryData<string, string, string, string> BadManifests => new()
    {
        { TestImage.ManifestType, "v1", "not json", "MANIFEST_INVALID" },
        { TestImage.ManifestType, "v1", "null", "MANIFEST_INVALID" },
        { TestImage.ManifestType, "v1", "[]", "MANIFEST_INVALID" },
        { TestImage.ManifestType, "v1", "{\"schemaVersion\":2}", "MANIFEST_INVALID" },
        { TestImage.IndexType, "v1", "{\"schemaVersion\":2}", "MANIFEST_INVALID" },
        { TestImage.IndexType, "v1", "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"manifests\":[]}", "MANIFEST_INVALID" },
        { "application/vnd.docker.distribution.manifest.v1+json", "v1", "{}", "MANIFEST_INVALID" },
        { TestImage.IndexType, "v1", "{\"manifests\":[{\"digest\":\"sha1:abc\"}]}", "MANIFEST_INVALID" },
        { TestImage.IndexType, "v1", "{\"manifests\":[{\"digest\":\"sha256:1111111111111111111111111111111111111111111111111111111111111111\"}]}", "MANIFEST_BLOB_UNKNOWN" },
        { TestImage.ManifestType, "v1", "{\"config\":{\"digest\":\"sha256:1111111111111111111111111111111111111111111111111111111111111111\"}}", "MANIFEST_BLOB_UNKNOWN" },
        { TestImage.IndexType, "sha256:1111111111111111111111111111111111111111111111111111111111111111", "{\"manifests\":[]}", "DIGEST_INVALID" },
        { TestImage.IndexType, "-tag", "{\"manifests\":[]}", "TAG_INVALID" },
    };

    [Theory]
    [MemberData(nameof(BadManifests))]
    public async Task PutManifest_Bad_IsRefused(string mediaType, string reference, string manifest, string expected)
    {
        await using var emulator = await TestEmulator.StartAsync();

        using var response = await new RegistryFixture(emulator).PutManifestAsync(Encoding.UTF8.GetBytes(manifest), mediaType, reference);

        Assert.Equal((400, expected), ((int)response.StatusCode, await RegistryFixture.CodeAsync(response)));
    }

    [Theory]
    [InlineData("/v2/server/manifests/v1")]
    [InlineData("/v2/acme-prod/server/manifests/v1")]
    [InlineData("/v2/acme-prod/app/Server/manifests/v1")]
    [InlineData("/v2/acme-prod/app/server/signatures/v1")]
    public async Task Get_OfNoImage_IsRefused(string path)
    {
        await using var emulator = await TestEmulator.StartAsync();

        using var response = await new RegistryFixture(emulator).SendAsync(HttpMethod.Get, path);

        Assert.Equal((400, "NAME_INVALID"), ((int)response.StatusCode, await RegistryFixture.CodeAsync(response)));
    }

    [Fact]
    public async Task ListTags_InPages_FollowsTheLink()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        foreach (var tag in new[] { "v1", "v2", "v3" })
        {
            await registry.PushAsync(TestImage.Single(tag), tag);
        }

        using var first = await registry.SendAsync(HttpMethod.Get, $"/v2/{RegistryFixture.Path}/tags/list?n=2");
        var link = first.Headers.GetValues("Link").Single();
        using var second = await registry.SendAsync(HttpMethod.Get, link[1..link.IndexOf('>', StringComparison.Ordinal)]);
        using var none = await registry.SendAsync(HttpMethod.Get, "/v2/acme-prod/app/none/tags/list");

        Assert.Equal(["v1", "v2"], await TagsAsync(first));
        Assert.Equal(["v3"], await TagsAsync(second));
        Assert.Equal((404, "NAME_UNKNOWN"), ((int)none.StatusCode, await RegistryFixture.CodeAsync(none)));
    }

    [Fact]
    public async Task DeleteManifest_OfATaggedImage_NeedsTheTagToGoFirst()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        var image = TestImage.Single();
        await registry.PushAsync(image, "v1");
        var manifests = $"/v2/{RegistryFixture.Path}/manifests/";

        using var tooEarly = await registry.SendAsync(HttpMethod.Delete, manifests + image.Digest);
        using var tag = await registry.SendAsync(HttpMethod.Delete, manifests + "v1");
        using var digest = await registry.SendAsync(HttpMethod.Delete, manifests + image.Digest);
        using var gone = await registry.SendAsync(HttpMethod.Delete, manifests + image.Digest);

        Assert.Equal((400, "GOOGLE_MANIFEST_DANGLING_TAG"), ((int)tooEarly.StatusCode, await RegistryFixture.CodeAsync(tooEarly)));
        Assert.Equal((202, 202, 404), ((int)tag.StatusCode, (int)digest.StatusCode, (int)gone.StatusCode));
    }

    [Fact]
    public async Task DeleteManifest_OfAChild_NeedsTheIndexToGoFirst()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var registry = new RegistryFixture(emulator);
        var index = TestImage.Index("amd64", "arm64");
        await registry.PushAsync(index);
        var manifests = $"/v2/{RegistryFixture.Path}/manifests/";

        using var tooEarly = await registry.SendAsync(HttpMethod.Delete, manifests + index.Children[0].Digest);
        using var parent = await registry.SendAsync(HttpMethod.Delete, manifests + index.Digest);
        using var child = await registry.SendAsync(HttpMethod.Delete, manifests + index.Children[0].Digest);

        Assert.Equal((400, 202, 202), ((int)tooEarly.StatusCode, (int)parent.StatusCode, (int)child.StatusCode));
    }

    [Fact]
    public async Task Restart_WithADataDirectory_KeepsManifestsTagsAndBlobs()
    {
        var options = new EmulatorOptions { DataDirectory = Directory.CreateTempSubdirectory("registry-").FullName };
        var image = TestImage.Single();
        await using (var first = await TestEmulator.StartAsync(options))
        {
            await new RegistryFixture(first).PushAsync(image, "v1");
        }

        await using var second = await TestEmulator.StartAsync(options);
        var registry = new RegistryFixture(second);
        using var manifest = await registry.SendAsync(HttpMethod.Get, $"/v2/{RegistryFixture.Path}/manifests/v1");
        using var blob = await registry.SendAsync(HttpMethod.Get, $"/v2/{RegistryFixture.Path}/blobs/{TestImage.DigestOf(image.Blobs[0])}");

        Assert.Equal(image.Manifest, await manifest.Content.ReadAsByteArrayAsync(TestEmulator.Stop));
        Assert.Equal(image.Blobs[0], await blob.Content.ReadAsByteArrayAsync(TestEmulator.Stop));
    }

    private static async Task<string> BeginAsync(RegistryFixture registry)
    {
        using var begun = await registry.SendAsync(HttpMethod.Post, $"/v2/{RegistryFixture.Path}/blobs/uploads/", []);
        Assert.Equal(202, (int)begun.StatusCode);
        return begun.Headers.Location!.ToString();
    }

    private static string Range(HttpResponseMessage response) => response.Headers.GetValues("Range").Single();

    private static async Task<IEnumerable<string>> TagsAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(TestEmulator.Stop))!["tags"]!.AsArray().Select(tag => (string)tag!);
}
