using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace BinAuthz.Emulator.Tests.Storage;

/// <summary>Retention as storage/docs/bucket-lock describes it.</summary>
public sealed class RetentionTests
{
    private const string Bucket = "/storage/v1/b/acme-evidence";

    private readonly FakeTimeProvider time = new(DateTimeOffset.Parse("2026-10-01T08:00:00Z", System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public async Task Object_YoungerThanThePeriod_IsNeitherDeletedNorOverwritten()
    {
        await using var storage = await StartAsync(86_400);
        var (_, stored) = await storage.UploadAsync("report.json", "first");
        time.Advance(TimeSpan.FromHours(23));

        var (deleted, delete) = await storage.Emulator.SendAsync(HttpMethod.Delete, StorageFixture.Objects + "/report.json");
        var (overwritten, overwrite) = await storage.UploadAsync("report.json", "second");
        var (copied, _) = await storage.Emulator.SendAsync(HttpMethod.Post, $"{StorageFixture.Objects}/report.json/copyTo/b/acme-evidence/o/report.json", "{}");
        var (_, text) = await storage.DownloadAsync((string)stored["mediaLink"]!);

        Assert.Equal("2026-10-02T08:00:00.000Z", (string?)stored["retentionExpirationTime"]);
        Assert.Equal((403, 403, 403), (deleted, overwritten, copied));
        Assert.All([delete, overwrite], error => Assert.Equal("retentionPolicyNotMet", Reason(error)));
        Assert.Contains("until 2026-10-02T08:00:00+00:00", (string?)delete["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal("first", text);
    }

    [Fact]
    public async Task Object_OldEnough_CanBeOverwrittenAndIsKeptAnew()
    {
        await using var storage = await StartAsync(86_400);
        await storage.UploadAsync("report.json", "first");
        time.Advance(TimeSpan.FromHours(24));

        var (status, stored) = await storage.UploadAsync("report.json", "second");

        Assert.Equal((200, "2026-10-03T08:00:00.000Z"), (status, (string?)stored["retentionExpirationTime"]));
    }

    [Fact]
    public async Task Create_ExistingObject_IsRefusedByItsPreconditionFirst()
    {
        await using var storage = await StartAsync(86_400);
        await storage.UploadAsync("report.json", "first");

        var (status, error) = await storage.UploadAsync("report.json", "second", "&ifGenerationMatch=0");

        Assert.Equal((412, "conditionNotMet"), (status, Reason(error)));
    }

    [Fact]
    public async Task Patch_UnlockedPolicy_IsShortenedExtendedAndTakenAway()
    {
        await using var storage = await StartAsync(86_400);
        await storage.UploadAsync("report.json", "first");

        var (shortened, shorter) = await PatchAsync(storage, """{"retentionPolicy":{"retentionPeriod":"60"}}""");
        var (removed, none) = await PatchAsync(storage, """{"retentionPolicy":null}""");
        using var deleted = await storage.Emulator.Rest.DeleteAsync(new Uri(StorageFixture.Objects + "/report.json", UriKind.Relative), TestEmulator.Stop);

        Assert.Equal((200, "60", false), (shortened, (string?)shorter["retentionPolicy"]!["retentionPeriod"], (bool)shorter["retentionPolicy"]!["isLocked"]!));
        Assert.Equal((200, null), (removed, none["retentionPolicy"]));
        Assert.Equal(204, (int)deleted.StatusCode);
    }

    [Theory]
    [InlineData("""{"retentionPolicy":null}""", 403)]
    [InlineData("""{"retentionPolicy":{"retentionPeriod":"86399"}}""", 403)]
    [InlineData("""{"retentionPolicy":{"retentionPeriod":"86400","isLocked":false}}""", 200)]
    [InlineData("""{"retentionPolicy":{"retentionPeriod":"86401"}}""", 200)]
    public async Task Patch_LockedPolicy_IsOnlyEverExtended(string patch, int expected)
    {
        await using var storage = await StartAsync(86_400);
        var (_, bucket) = await storage.Emulator.SendAsync(HttpMethod.Get, Bucket);
        var (locked, _) = await storage.Emulator.SendAsync(HttpMethod.Post, $"{Bucket}/lockRetentionPolicy?ifMetagenerationMatch={bucket["metageneration"]}");

        var (status, _) = await PatchAsync(storage, patch);
        var (_, after) = await storage.Emulator.SendAsync(HttpMethod.Get, Bucket);

        Assert.Equal((200, expected), (locked, status));
        Assert.True((bool)after["retentionPolicy"]!["isLocked"]!);
        Assert.True(long.Parse((string)after["retentionPolicy"]!["retentionPeriod"]!, System.Globalization.CultureInfo.InvariantCulture) >= 86_400);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("?ifMetagenerationMatch=99", 412)]
    public async Task Lock_WithoutTheMetageneration_IsRefused(string query, int expected)
    {
        await using var storage = await StartAsync(86_400);

        var (status, _) = await storage.Emulator.SendAsync(HttpMethod.Post, $"{Bucket}/lockRetentionPolicy{query}");

        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task Lock_NoPolicy_Invalid()
    {
        await using var storage = await StorageFixture.StartAsync(time: time);

        var (status, _) = await storage.Emulator.SendAsync(HttpMethod.Post, $"{Bucket}/lockRetentionPolicy?ifMetagenerationMatch=1");

        Assert.Equal(400, status);
    }

    [Theory]
    [InlineData("\"0\"")]
    [InlineData("\"-5\"")]
    [InlineData("\"a year\"")]
    [InlineData("\"3155760000\"")]
    public async Task Patch_NoPeriod_Invalid(string period)
    {
        await using var storage = await StorageFixture.StartAsync(time: time);

        var (status, _) = await PatchAsync(storage, $$$"""{"retentionPolicy":{"retentionPeriod":{{{period}}}}}""");

        Assert.Equal(400, status);
    }

    [Fact]
    public async Task Patch_OtherMetageneration_PreconditionFailed()
    {
        await using var storage = await StorageFixture.StartAsync(time: time);

        var (status, _) = await storage.Emulator.SendAsync(HttpMethod.Patch, $"{Bucket}?ifMetagenerationMatch=7", """{"labels":{"a":"b"}}""");

        Assert.Equal(412, status);
    }

    private async Task<StorageFixture> StartAsync(long seconds)
    {
        var storage = await StorageFixture.StartAsync(time: time);
        await PatchAsync(storage, $$$"""{"retentionPolicy":{"retentionPeriod":"{{{seconds}}}"}}""");
        return storage;
    }

    private static Task<(int Status, JsonNode Json)> PatchAsync(StorageFixture storage, string json) => storage.Emulator.SendAsync(HttpMethod.Patch, Bucket, json);

    private static string? Reason(JsonNode error) => (string?)error["error"]!["errors"]![0]!["reason"];
}
