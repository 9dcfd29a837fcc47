using System.Text.Json.Nodes;
using Google.Api;
using Google.Cloud.Logging.Type;
using Google.Cloud.Logging.V2;
using Grpc.Core;

namespace BinAuthz.Emulator.Tests.Logging;

public sealed class EntryTests
{
    private const string Log = "projects/acme-prod/logs/my-log";

    [Fact]
    public async Task Write_GcloudBody_ComesBackCompleted()
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (written, _) = await emulator.SendAsync(HttpMethod.Post, "/v2/entries:write", $$"""{"entries":[{"jsonPayload":{"message":"hi","n":1},"logName":"{{Log}}","resource":{"type":"global"},"severity":"ERROR"}]}""");
        var (_, json) = await emulator.SendAsync(HttpMethod.Post, "/v2/entries:list", """{"resourceNames":["projects/acme-prod"],"orderBy":"timestamp desc","pageSize":2,"filter":"severity>=ERROR"}""");

        var entry = Assert.Single(json["entries"]!.AsArray())!;
        Assert.Equal(200, written);
        Assert.Equal("hi", (string?)entry["jsonPayload"]!["message"]);
        Assert.Equal("acme-prod", (string?)entry["resource"]!["labels"]!["project_id"]);
        Assert.All(["insertId", "timestamp", "receiveTimestamp"], name => Assert.NotNull(entry[name]));
    }

    [Fact]
    public async Task Write_AuditLog_KeepsItsPayload()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var sample = JsonNode.Parse(await File.ReadAllTextAsync("testdata/logs/gke-deny-always-deny.json", TestEmulator.Stop))!;

        await emulator.SendAsync(HttpMethod.Post, "/v2/entries:write", new JsonObject { ["entries"] = new JsonArray(sample.DeepClone()) }.ToJsonString());
        var (_, json) = await emulator.SendAsync(HttpMethod.Post, "/v2/entries:list", """{"resourceNames":["projects/acme-prod"]}""");

        var entry = json["entries"]![0]!;
        Assert.True(JsonNode.DeepEquals(sample["protoPayload"], entry["protoPayload"]), entry.ToString());
        Assert.Equal((string?)sample["timestamp"], (string?)entry["timestamp"]);
    }

    [Fact]
    public async Task Write_SameInsertIdAndTime_IsStoredOnce()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var body = $$"""{"logName":"{{Log}}","resource":{"type":"global"},"entries":[{"insertId":"a","timestamp":"2026-10-01T00:00:00Z","textPayload":"x"}]}""";

        await emulator.SendAsync(HttpMethod.Post, "/v2/entries:write", body);
        await emulator.SendAsync(HttpMethod.Post, "/v2/entries:write", body);
        var (_, json) = await emulator.SendAsync(HttpMethod.Post, "/v2/entries:list", """{"resourceNames":["projects/acme-prod"]}""");

        Assert.Single(json["entries"]!.AsArray());
    }

    [Theory]
    [InlineData("my-log", "global", "log_name")]
    [InlineData("projects/acme-prod/logs/a/b", "global", "log_name")]
    [InlineData(Log, "", "resource")]
    public async Task Write_Incomplete_InvalidArgument(string log, string type, string problem)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var client = new LoggingServiceV2.LoggingServiceV2Client(emulator.Channel);

        var error = await TestEmulator.FailureAsync(client.WriteLogEntriesAsync(Request(log, type), cancellationToken: TestEmulator.Stop));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains(problem, error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_PartialSuccess_StoresTheGoodOnes()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var client = new LoggingServiceV2.LoggingServiceV2Client(emulator.Channel);
        var request = Request(Log, "global");
        request.PartialSuccess = true;
        request.Entries.Add(new LogEntry { LogName = "bad", TextPayload = "lost" });

        var error = await TestEmulator.FailureAsync(client.WriteLogEntriesAsync(request, cancellationToken: TestEmulator.Stop));
        var listed = await client.ListLogEntriesAsync(new ListLogEntriesRequest { ResourceNames = { "projects/acme-prod" } }, cancellationToken: TestEmulator.Stop);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal("kept", Assert.Single(listed.Entries).TextPayload);
    }

    [Fact]
    public async Task List_Pages_AreInOrderAndComplete()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var client = new LoggingServiceV2.LoggingServiceV2Client(emulator.Channel);
        for (var number = 0; number < 5; number++)
        {
            await client.WriteLogEntriesAsync(Request(Log, "global", $"{number}"), cancellationToken: TestEmulator.Stop);
        }

        var texts = new List<string>();
        var request = new ListLogEntriesRequest { ResourceNames = { "projects/acme-prod" }, PageSize = 2 };
        do
        {
            var page = await client.ListLogEntriesAsync(request, cancellationToken: TestEmulator.Stop);
            texts.AddRange(page.Entries.Select(entry => entry.TextPayload));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(["0", "1", "2", "3", "4"], texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task DeleteLog_WithSlash_RemovesItFromTheList()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var client = new LoggingServiceV2.LoggingServiceV2Client(emulator.Channel);
        await client.WriteLogEntriesAsync(Request("projects/acme-prod/logs/cloudaudit.googleapis.com%2Factivity", "global"), cancellationToken: TestEmulator.Stop);
        await client.WriteLogEntriesAsync(Request(Log, "global"), cancellationToken: TestEmulator.Stop);

        var (status, _) = await emulator.SendAsync(HttpMethod.Delete, "/v2/projects/acme-prod/logs/cloudaudit.googleapis.com%2Factivity");
        var (again, _) = await emulator.SendAsync(HttpMethod.Delete, "/v2/projects/acme-prod/logs/cloudaudit.googleapis.com%2Factivity");
        var (_, logs) = await emulator.SendAsync(HttpMethod.Get, "/v2/projects/acme-prod/logs");

        Assert.Equal((200, 404), (status, again));
        Assert.Equal(Log, (string?)Assert.Single(logs["logNames"]!.AsArray()));
    }

    [Fact]
    public async Task Restart_DataDirectory_KeepsEntries()
    {
        var data = Directory.CreateTempSubdirectory("binauthz-logging-");
        try
        {
            await using (var before = await TestEmulator.StartAsync(new EmulatorOptions { DataDirectory = data.FullName }))
            {
                await new LoggingServiceV2.LoggingServiceV2Client(before.Channel).WriteLogEntriesAsync(Request(Log, "global"), cancellationToken: TestEmulator.Stop);
            }

            await using var after = await TestEmulator.StartAsync(new EmulatorOptions { DataDirectory = data.FullName });
            var (_, json) = await after.SendAsync(HttpMethod.Post, "/v2/entries:list", """{"resourceNames":["projects/acme-prod"]}""");

            Assert.Equal("kept", (string?)Assert.Single(json["entries"]!.AsArray())!["textPayload"]);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static WriteLogEntriesRequest Request(string log, string type, string text = "kept") => new()
    {
        LogName = log,
        Resource = new MonitoredResource { Type = type },
        Entries = { new LogEntry { TextPayload = text, Severity = LogSeverity.Info } },
    };
}
