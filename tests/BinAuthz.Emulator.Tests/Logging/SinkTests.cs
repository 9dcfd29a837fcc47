using System.Text.Json.Nodes;
using BinAuthz.Emulator.Tests.PubSub;

namespace BinAuthz.Emulator.Tests.Logging;

public sealed class SinkTests
{
    private const string Sinks = "/v2/projects/acme-prod/sinks";
    private const string Body = $$"""{"destination":"pubsub.googleapis.com/{{PubSubFixture.Topic}}","filter":"protoPayload.response.reason=\"VIOLATES_POLICY\"","name":"ba-denials"}""";

    [Fact]
    public async Task Sink_MatchingEntry_IsPublishedAsJson()
    {
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.SubscribeAsync();
        await pubsub.Emulator.SendAsync(HttpMethod.Post, Sinks + "?uniqueWriterIdentity=True", Body);
        var denial = await WriteAsync(pubsub, "gke-deny-always-deny");
        await WriteAsync(pubsub, "gke-rbac-forbidden-NOT-binauthz");

        var message = Assert.Single(await pubsub.PullAsync()).Message;

        var entry = JsonNode.Parse(message.Data.ToStringUtf8())!;
        Assert.Equal("2026-10-01T09:00:00.123456Z", message.Attributes["logging.googleapis.com/timestamp"]);
        Assert.True(JsonNode.DeepEquals(denial["protoPayload"], entry["protoPayload"]), entry.ToString());
        Assert.Equal((string?)denial["logName"], (string?)entry["logName"]);
    }

    [Theory]
    [InlineData("disabled", "true")]
    [InlineData("exclusions", """[{"name":"quiet","filter":"resource.type=k8s_cluster"}]""")]
    public async Task Sink_SwitchedOff_PublishesNothing(string field, string value)
    {
        await using var pubsub = await PubSubFixture.StartAsync();
        await pubsub.SubscribeAsync();
        var body = JsonNode.Parse(Body)!;
        body[field] = JsonNode.Parse(value);
        await pubsub.Emulator.SendAsync(HttpMethod.Post, Sinks, body.ToJsonString());

        await WriteAsync(pubsub, "gke-deny-always-deny");

        Assert.Empty(await pubsub.PullAsync());
    }

    [Fact]
    public async Task Sink_LifeCycle_AsGcloudDrivesIt()
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (_, created) = await emulator.SendAsync(HttpMethod.Post, Sinks + "?uniqueWriterIdentity=True", Body);
        var (conflict, _) = await emulator.SendAsync(HttpMethod.Post, Sinks, Body);
        var (_, updated) = await emulator.SendAsync(HttpMethod.Patch, Sinks + "/ba-denials?uniqueWriterIdentity=True&updateMask=filter", """{"filter":"severity>=ERROR","name":"ba-denials"}""");
        var (_, listed) = await emulator.SendAsync(HttpMethod.Get, Sinks);
        var (deleted, _) = await emulator.SendAsync(HttpMethod.Delete, Sinks + "/ba-denials");
        var (missing, _) = await emulator.SendAsync(HttpMethod.Get, Sinks + "/ba-denials");

        Assert.Matches("^serviceAccount:service-[0-9]{12}@gcp-sa-logging\\.iam\\.gserviceaccount\\.com$", (string?)created["writerIdentity"]);
        Assert.Equal("severity>=ERROR", (string?)updated["filter"]);
        Assert.Equal((string?)created["destination"], (string?)updated["destination"]);
        Assert.Single(listed["sinks"]!.AsArray());
        Assert.Equal((409, 200, 404), (conflict, deleted, missing));
    }

    [Theory]
    [InlineData("""{"name":"bad","destination":"pubsub.googleapis.com/projects/p/topics/ttt","filter":"severity>="}""", 400)]
    [InlineData("""{"name":"-","destination":"pubsub.googleapis.com/projects/p/topics/ttt"}""", 400)]
    [InlineData("""{"name":"other","destination":"storage.googleapis.com/bucket"}""", 501)]
    public async Task CreateSink_NotSupported_SaysSo(string body, int expected)
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (status, _) = await emulator.SendAsync(HttpMethod.Post, Sinks, body);

        Assert.Equal(expected, status);
    }

    private static async Task<JsonNode> WriteAsync(PubSubFixture pubsub, string sample)
    {
        var entry = JsonNode.Parse(await File.ReadAllTextAsync($"testdata/logs/{sample}.json", TestEmulator.Stop))!;
        var (status, json) = await pubsub.Emulator.SendAsync(HttpMethod.Post, "/v2/entries:write", new JsonObject { ["entries"] = new JsonArray(entry.DeepClone()) }.ToJsonString());
        Assert.True(status == 200, json.ToString());
        return entry;
    }
}
