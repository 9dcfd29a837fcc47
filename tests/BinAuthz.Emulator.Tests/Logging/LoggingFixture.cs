using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Tests.Logging;

/// <summary>An emulator that holds the sample log entries.</summary>
public sealed class LoggingFixture : IAsyncLifetime
{
    public const string Project = "projects/acme-prod";

    private TestEmulator? emulator;

    public TestEmulator Emulator => emulator!;

    /// <summary>The sample files, by name without extension.</summary>
    public static IEnumerable<string> Samples => Directory.GetFiles("testdata/logs").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        emulator = await TestEmulator.StartAsync();
        foreach (var sample in Samples)
        {
            var entry = JsonNode.Parse(await File.ReadAllTextAsync($"testdata/logs/{sample}.json", TestEmulator.Stop))!;
            entry["insertId"] = sample;
            entry["logName"] = $"{Project}/logs/{((string)entry["logName"]!).Split('/')[^1]}";
            var (status, json) = await Emulator.SendAsync(HttpMethod.Post, "/v2/entries:write", new JsonObject { ["entries"] = new JsonArray(entry) }.ToJsonString());
            Assert.True(status == 200, $"{sample}: {json}");
        }
    }

    /// <summary>The samples that a filter finds, by name.</summary>
    public async Task<string[]> FindAsync(string filter) => [.. (await ListAsync(filter)).Select(entry => (string)entry!["insertId"]!).Order(StringComparer.Ordinal)];

    public async Task<JsonArray> ListAsync(string filter, string orderBy = "timestamp desc")
    {
        var (status, json) = await Emulator.SendAsync(HttpMethod.Post, "/v2/entries:list", new JsonObject { ["resourceNames"] = new JsonArray(Project), ["filter"] = filter, ["orderBy"] = orderBy, ["pageSize"] = 1000 }.ToJsonString());
        Assert.True(status == 200, json.ToString());
        return json["entries"] as JsonArray ?? [];
    }

    public ValueTask DisposeAsync() => emulator?.DisposeAsync() ?? ValueTask.CompletedTask;
}
