using System.Net;
using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Tests.Storage;

public sealed class ObjectTests
{
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Upload_Multipart_HasContentAndChecksums(string newline)
    {
        await using var storage = await StorageFixture.StartAsync();

        var (status, json) = await storage.UploadAsync("reports/2026/small.json", "{\"a\":1}\n", newline: newline);
        var (code, text) = await storage.DownloadAsync((string)json["mediaLink"]!, "bytes=0-");

        Assert.Equal((200, HttpStatusCode.PartialContent), (status, code));
        Assert.Equal("{\"a\":1}\n", text);
        Assert.Equal(("RYj/N5e3jYGdhY+jvdgrCQ==", "M3Q35g==", "8"), ((string?)json["md5Hash"], (string?)json["crc32c"], (string?)json["size"]));
    }

    [Theory]
    [InlineData("reports%2F2026%2Fsmall.json", "reports/2026/small.json")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("100%25%20sure", "100% sure")]
    [InlineData("plus+and%3Fquery", "plus+and?query")]
    [InlineData("plain/slashes.json", "plain/slashes.json")]
    public async Task Get_EscapedName_IsUnescapedOnce(string escaped, string name)
    {
        await using var storage = await StorageFixture.StartAsync();
        await storage.UploadAsync(name, "x");

        var (status, json) = await storage.Emulator.SendAsync(HttpMethod.Get, $"{StorageFixture.Objects}/{escaped}?alt=json&projection=noAcl");
        var (code, text) = await storage.DownloadAsync((string)json["mediaLink"]!);

        Assert.Equal((200, name), (status, (string?)json["name"]));
        Assert.Equal((HttpStatusCode.OK, "x"), (code, text));
    }

    [Theory]
    [InlineData("bytes=0-2", "012")]
    [InlineData("bytes=4-", "456789")]
    [InlineData("bytes=-3", "789")]
    public async Task Download_Range_IsPartial(string range, string expected)
    {
        await using var storage = await StorageFixture.StartAsync();
        await storage.UploadAsync("digits", "0123456789");

        Assert.Equal((HttpStatusCode.PartialContent, expected), await storage.DownloadAsync(StorageFixture.Objects + "/digits?alt=media", range));
    }

    [Theory]
    [InlineData("&ifGenerationMatch=0", 412)]
    [InlineData("&ifGenerationMatch=1", 412)]
    [InlineData("&ifGenerationMatch=CURRENT", 200)]
    [InlineData("&ifGenerationNotMatch=CURRENT", 412)]
    [InlineData("&ifMetagenerationMatch=1", 200)]
    [InlineData("&ifMetagenerationMatch=2", 412)]
    public async Task Upload_Precondition_DecidesOverTheExisting(string query, int expected)
    {
        await using var storage = await StorageFixture.StartAsync();
        var (_, first) = await storage.UploadAsync("x", "first");

        var (status, json) = await storage.UploadAsync("x", "second", query.Replace("CURRENT", (string?)first["generation"], StringComparison.Ordinal));
        var (_, text) = await storage.DownloadAsync(StorageFixture.Objects + "/x?alt=media");

        Assert.Equal(expected, status);
        Assert.Equal(expected == 200 ? "second" : "first", text);
        Assert.True(expected == 200 || (string?)json["error"]!["errors"]![0]!["reason"] == "conditionNotMet");
    }

    [Fact]
    public async Task Upload_IfGenerationZero_CreatesOnce()
    {
        await using var storage = await StorageFixture.StartAsync();

        var attempts = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => storage.UploadAsync("once", $"{number}", "&ifGenerationMatch=0")));

        Assert.Single(attempts, attempt => attempt.Status == 200);
        Assert.Equal(7, attempts.Count(attempt => attempt.Status == 412));
    }

    [Fact]
    public async Task Upload_WrongChecksum_IsRefused()
    {
        await using var storage = await StorageFixture.StartAsync();

        var (status, json) = await storage.UploadAsync("x", "content", extra: ",\"md5Hash\":\"RYj/N5e3jYGdhY+jvdgrCQ==\"");

        Assert.Equal(400, status);
        Assert.Contains("MD5", (string?)json["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_Resumable_TakesChunksAndRepeats()
    {
        await using var storage = await StorageFixture.StartAsync();
        using var metadata = new StringContent("""{"name":"big.bin","contentType":"application/octet-stream"}""");
        using var started = await storage.Emulator.Rest.PostAsync(new Uri("/resumable/upload" + StorageFixture.Objects + "?uploadType=resumable", UriKind.Relative), metadata, TestEmulator.Stop);
        var location = started.Headers.Location!;

        using var first = await storage.PutAsync(location, "01234", "bytes 0-4/*");
        using var state = await storage.PutAsync(location, "", "bytes */10");
        using var again = await storage.PutAsync(location, "34567", "bytes 3-7/*");
        using var last = await storage.PutAsync(location, "89", "bytes 8-9/10");
        var (_, text) = await storage.DownloadAsync(StorageFixture.Objects + "/big.bin?alt=media");

        Assert.Equal((308, "bytes=0-4"), ((int)first.StatusCode, first.Headers.GetValues("Range").Single()));
        Assert.Equal((308, "bytes=0-4"), ((int)state.StatusCode, state.Headers.GetValues("Range").Single()));
        Assert.Equal(308, (int)again.StatusCode);
        Assert.Equal(200, (int)last.StatusCode);
        Assert.Equal("0123456789", text);
    }

    [Fact]
    public async Task Upload_Media_TakesTheNameFromTheQuery()
    {
        await using var storage = await StorageFixture.StartAsync();
        using var content = new StringContent("plain");

        using var response = await storage.Emulator.Rest.PostAsync(new Uri("/upload" + StorageFixture.Objects + "?uploadType=media&name=a%2Fb.txt", UriKind.Relative), content, TestEmulator.Stop);

        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestEmulator.Stop))!;
        Assert.Equal(("a/b.txt", "text/plain; charset=utf-8"), ((string?)json["name"], (string?)json["contentType"]));
    }

    [Theory]
    [InlineData("?delimiter=/", "reports/", "z.json")]
    [InlineData("?delimiter=/&prefix=reports/", "reports/2025/,reports/2026/", "reports/index.json")]
    [InlineData("?delimiter=/&prefix=reports", "reports/", "")]
    [InlineData("?prefix=reports/2026/", "", "reports/2026/a.json,reports/2026/b.json")]
    [InlineData("?startOffset=reports/2026/b&endOffset=z", "", "reports/2026/b.json,reports/index.json")]
    [InlineData("?prefix=none", "", "")]
    public async Task List_PrefixAndDelimiter_ShowsFolders(string query, string prefixes, string items)
    {
        await using var storage = await StorageFixture.StartAsync();
        foreach (var name in new[] { "reports/2025/a.json", "reports/2026/a.json", "reports/2026/b.json", "reports/index.json", "z.json" })
        {
            await storage.UploadAsync(name, "{}");
        }

        var (_, json) = await storage.Emulator.SendAsync(HttpMethod.Get, StorageFixture.Objects + query);

        Assert.Equal(prefixes, string.Join(',', (json["prefixes"] as JsonArray ?? []).Select(prefix => (string?)prefix)));
        Assert.Equal(items, string.Join(',', (json["items"] as JsonArray ?? []).Select(item => (string?)item!["name"])));
    }

    [Fact]
    public async Task List_Pages_ShowEachOnce()
    {
        await using var storage = await StorageFixture.StartAsync();
        string[] names = ["a/1", "a/2", "b", "c/1", "d"];
        foreach (var name in names)
        {
            await storage.UploadAsync(name, "{}");
        }

        var shown = new List<string>();
        var token = "";
        do
        {
            var (_, json) = await storage.Emulator.SendAsync(HttpMethod.Get, $"{StorageFixture.Objects}?delimiter=/&maxResults=2&pageToken={Uri.EscapeDataString(token)}");
            shown.AddRange((json["prefixes"] as JsonArray ?? []).Select(prefix => (string)prefix!));
            shown.AddRange((json["items"] as JsonArray ?? []).Select(item => (string)item!["name"]!));
            token = (string?)json["nextPageToken"] ?? "";
        }
        while (token.Length > 0);

        Assert.Equal(["a/", "b", "c/", "d"], shown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Rewrite_OtherName_CopiesContentAndType()
    {
        await using var storage = await StorageFixture.StartAsync();
        await storage.UploadAsync("a/b", "copied");

        var (status, json) = await storage.Emulator.SendAsync(HttpMethod.Post, StorageFixture.Objects + "/a%2Fb/rewriteTo/b/acme-evidence/o/c%2Fd", "{}");
        var (_, text) = await storage.DownloadAsync(StorageFixture.Objects + "/c%2Fd?alt=media");

        Assert.Equal((200, true, "copied"), (status, (bool)json["done"]!, text));
        Assert.Equal("application/json", (string?)json["resource"]!["contentType"]);
    }

    [Fact]
    public async Task Patch_Metadata_CountsTheMetageneration()
    {
        await using var storage = await StorageFixture.StartAsync();
        await storage.UploadAsync("x", "content");

        var (_, json) = await storage.Emulator.SendAsync(HttpMethod.Patch, StorageFixture.Objects + "/x", """{"metadata":{"reviewed":"yes"},"size":"1"}""");

        Assert.Equal(("yes", "2", "7"), ((string?)json["metadata"]!["reviewed"], (string?)json["metageneration"], (string?)json["size"]));
    }

    [Fact]
    public async Task Delete_OtherGeneration_NotFound()
    {
        await using var storage = await StorageFixture.StartAsync();
        var (_, json) = await storage.UploadAsync("x", "content");

        var (missing, _) = await storage.Emulator.SendAsync(HttpMethod.Delete, StorageFixture.Objects + "/x?generation=1");
        using var deleted = await storage.Emulator.Rest.DeleteAsync(new Uri($"{StorageFixture.Objects}/x?generation={json["generation"]}", UriKind.Relative), TestEmulator.Stop);

        Assert.Equal((404, 204), (missing, (int)deleted.StatusCode));
    }

    [Fact]
    public async Task Insert_FaultAskedFor_FailsOnceAndIsLogged()
    {
        await using var storage = await StorageFixture.StartAsync();
        storage.Emulator.Host.Faults.FailNext("objects.insert", Grpc.Core.StatusCode.Unavailable);

        var (failed, _) = await storage.UploadAsync("x", "content");
        var (succeeded, _) = await storage.UploadAsync("x", "content");

        Assert.Equal((503, 200), (failed, succeeded));
        Assert.Equal(2, storage.Emulator.Host.Requests.Count("objects.insert"));
    }

    [Fact]
    public async Task Restart_DataDirectory_KeepsContent()
    {
        var data = Directory.CreateTempSubdirectory("binauthz-storage-");
        try
        {
            await using (var before = await StorageFixture.StartAsync(data.FullName))
            {
                await before.UploadAsync("x", "replaced");
                await before.UploadAsync("x", "kept");
            }

            await using var after = await StorageFixture.StartAsync(data.FullName);

            Assert.Equal((HttpStatusCode.OK, "kept"), await after.DownloadAsync(StorageFixture.Objects + "/x?alt=media"));
            Assert.Single(Directory.GetFiles(Path.Combine(data.FullName, "storage")));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
