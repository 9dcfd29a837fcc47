namespace BinAuthz.Emulator.Tests.Storage;

public sealed class BucketTests
{
    [Fact]
    public async Task Bucket_LifeCycle_AsGcloudDrivesIt()
    {
        await using var storage = await StorageFixture.StartAsync();

        var (_, bucket) = await storage.Emulator.SendAsync(HttpMethod.Get, "/storage/v1/b/acme-evidence");
        var (_, list) = await storage.Emulator.SendAsync(HttpMethod.Get, "/storage/v1/b?project=acme-prod");
        var (_, other) = await storage.Emulator.SendAsync(HttpMethod.Get, "/storage/v1/b?project=other");
        var (conflict, _) = await storage.Emulator.SendAsync(HttpMethod.Post, "/storage/v1/b?project=other", """{"name":"acme-evidence"}""");
        var (_, patched) = await storage.Emulator.SendAsync(HttpMethod.Patch, "/storage/v1/b/acme-evidence", """{"labels":{"a":"b"}}""");
        var (_, layout) = await storage.Emulator.SendAsync(HttpMethod.Get, "/storage/v1/b/acme-evidence/storageLayout");

        Assert.Equal("US-CENTRAL1", (string?)bucket["location"]);
        Assert.Equal("region", (string?)bucket["locationType"]);
        Assert.Equal("acme-evidence", (string?)Assert.Single(list["items"]!.AsArray())!["name"]);
        Assert.Null(other["items"]);
        Assert.Equal(409, conflict);
        Assert.Equal(("b", "2"), ((string?)patched["labels"]!["a"], (string?)patched["metageneration"]));
        Assert.False((bool)layout["hierarchicalNamespace"]!["enabled"]!);
    }

    [Fact]
    public async Task DeleteBucket_WithObject_ConflictUntilEmpty()
    {
        await using var storage = await StorageFixture.StartAsync();
        await storage.UploadAsync("x.json", "{}");
        using var bucket = new HttpRequestMessage(HttpMethod.Delete, "/storage/v1/b/acme-evidence");

        var (conflict, json) = await storage.Emulator.SendAsync(HttpMethod.Delete, "/storage/v1/b/acme-evidence");
        await storage.Emulator.Rest.DeleteAsync(new Uri(StorageFixture.Objects + "/x.json", UriKind.Relative), TestEmulator.Stop);
        using var deleted = await storage.Emulator.Rest.SendAsync(bucket, TestEmulator.Stop);

        Assert.Equal((409, "conflict"), (conflict, (string?)json["error"]!["errors"]![0]!["reason"]));
        Assert.Equal(204, (int)deleted.StatusCode);
    }

    [Fact]
    public async Task BucketPolicy_Set_ComesBack()
    {
        await using var storage = await StorageFixture.StartAsync();

        await storage.Emulator.SendAsync(HttpMethod.Put, "/storage/v1/b/acme-evidence/iam", """{"kind":"storage#policy","bindings":[{"role":"roles/storage.objectViewer","members":["user:a@acme.dev"]}]}""");
        var (status, policy) = await storage.Emulator.SendAsync(HttpMethod.Get, "/storage/v1/b/acme-evidence/iam?optionsRequestedPolicyVersion=3");

        Assert.Equal(200, status);
        Assert.Equal("user:a@acme.dev", (string?)policy["bindings"]![0]!["members"]![0]);
    }

    [Theory]
    [InlineData("/storage/v1/b/no-such-bucket", 404, "notFound")]
    [InlineData("/storage/v1/b/no-such-bucket/o", 404, "notFound")]
    [InlineData("/storage/v1/b/acme-evidence/o/nope", 404, "notFound")]
    [InlineData("/storage/v1/b/acme-evidence/o?matchGlob=*", 501, "notImplemented")]
    [InlineData("/storage/v1/b/acme-evidence/o?maxResults=many", 400, "invalid")]
    public async Task Get_Refused_HasTheShapeOfCloudStorage(string path, int status, string reason)
    {
        await using var storage = await StorageFixture.StartAsync();

        var (code, json) = await storage.Emulator.SendAsync(HttpMethod.Get, path);

        Assert.Equal((status, status, reason), (code, (int)json["error"]!["code"]!, (string?)json["error"]!["errors"]![0]!["reason"]));
    }

    [Theory]
    [InlineData("""{"name":"UPPER"}""")]
    [InlineData("""{"name":"ab"}""")]
    [InlineData("{}")]
    public async Task CreateBucket_BadName_Invalid(string body)
    {
        await using var storage = await StorageFixture.StartAsync();

        var (status, _) = await storage.Emulator.SendAsync(HttpMethod.Post, "/storage/v1/b?project=acme-prod", body);

        Assert.Equal(400, status);
    }
}
