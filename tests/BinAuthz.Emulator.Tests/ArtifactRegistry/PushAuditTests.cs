using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Google.Cloud.PubSub.V1;

namespace BinAuthz.Emulator.Tests.ArtifactRegistry;

/// <summary>The audit log of pushes, in the shape of the recorded entry.</summary>
public sealed class PushAuditTests
{
    private const string Filter = "protoPayload.methodName=\\\"Docker-PutManifest\\\"";

    [Fact]
    public async Task Push_ByAPrincipal_IsAuditedLikeTheSample()
    {
        await using var emulator = await TestEmulator.StartAsync();
        emulator.Rest.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "builder@acme-prod.iam.gserviceaccount.com");

        await new RegistryFixture(emulator).PushAsync(TestImage.Single(), "1.4.0", "acme-prod/app/team/server");

        var entry = Assert.Single(await EntriesAsync(emulator))!;
        var sample = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "testdata/logs/ar-docker-put-manifest.json"), TestEmulator.Stop))!;
        Assert.Equal(Members(sample), Members(entry));
        var (audit, expected) = (entry["protoPayload"]!, sample["protoPayload"]!);
        Assert.Equal("projects/acme-prod/locations/us-central1/repositories/app/dockerImages/team%2Fserver", (string?)audit["resourceName"]);
        Assert.Equal("/v2/acme-prod/app/team/server/manifests/1.4.0", (string?)audit["request"]!["requestUrl"]);
        foreach (var same in new[] { "@type", "authenticationInfo", "methodName", "serviceName", "status" })
        {
            Assert.True(JsonNode.DeepEquals(expected[same], audit[same]), $"{same}: {audit[same]}");
        }

        Assert.Equal(((string?)sample["logName"], (string?)sample["severity"]), ((string?)entry["logName"], (string?)entry["severity"]));
        Assert.True(JsonNode.DeepEquals(sample["resource"], entry["resource"]), entry["resource"]!.ToJsonString());
    }

    [Fact]
    public async Task Push_OfAnIndexWithoutToken_IsAuditedForEveryManifestAsAnonymous()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var index = TestImage.Index("amd64", "arm64");

        await new RegistryFixture(emulator).PushAsync(index, "v1");

        var entries = await EntriesAsync(emulator);
        Assert.Equal(
            index.Children.Select(child => child.Digest).Append("v1").Order(),
            entries.Select(entry => ((string)entry!["protoPayload"]!["request"]!["requestUrl"]!).Split('/')[^1]).Order());
        Assert.All(entries, entry => Assert.Equal("anonymous", (string?)entry!["protoPayload"]!["authenticationInfo"]!["principalEmail"]));
    }

    [Fact]
    public async Task Push_Refused_IsNotAudited()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var image = TestImage.Single();

        using var refused = await new RegistryFixture(emulator).PutManifestAsync(image.Manifest, image.MediaType, "v1");

        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Empty(await EntriesAsync(emulator));
    }

    [Fact]
    public async Task Push_WithoutDataAccessLogs_IsNotAudited()
    {
        await using var emulator = await TestEmulator.StartAsync();
        emulator.Host.Switches.AuditPushes = false;

        await new RegistryFixture(emulator).PushAsync(TestImage.Single(), "v1");

        Assert.Empty(await EntriesAsync(emulator));
    }

    [Fact]
    public async Task Push_WithASink_IsDelivered()
    {
        await using var emulator = await TestEmulator.StartAsync();
        const string topic = "projects/acme-prod/topics/pushes";
        await new Publisher.PublisherClient(emulator.Channel).CreateTopicAsync(new Topic { Name = topic }, cancellationToken: TestEmulator.Stop);
        var subscriber = new Subscriber.SubscriberClient(emulator.Channel);
        await subscriber.CreateSubscriptionAsync(new Subscription { Name = "projects/acme-prod/subscriptions/pushes", Topic = topic }, cancellationToken: TestEmulator.Stop);
        var (status, made) = await emulator.SendAsync(HttpMethod.Post, "/v2/projects/acme-prod/sinks", $$"""{"name":"pushes","destination":"pubsub.googleapis.com/{{topic}}","filter":"{{Filter}}"}""");
        Assert.True(status == 200, made.ToJsonString());

        await new RegistryFixture(emulator).PushAsync(TestImage.Single(), "v1");

        var pulled = await subscriber.PullAsync(new PullRequest { Subscription = "projects/acme-prod/subscriptions/pushes", MaxMessages = 10 }, cancellationToken: TestEmulator.Stop);
        var message = Assert.Single(pulled.ReceivedMessages).Message;
        Assert.Equal("artifactregistry.googleapis.com", (string?)JsonNode.Parse(message.Data.ToStringUtf8())!["protoPayload"]!["serviceName"]);
        Assert.Contains("logging.googleapis.com/timestamp", message.Attributes.Keys);
    }

    private static async Task<JsonArray> EntriesAsync(TestEmulator emulator)
    {
        var (status, json) = await emulator.SendAsync(HttpMethod.Post, "/v2/entries:list", $$"""{"resourceNames":["projects/acme-prod"],"filter":"{{Filter}}"}""");
        Assert.True(status == 200, json.ToJsonString());
        return json["entries"] as JsonArray ?? [];
    }

    private static IEnumerable<string> Members(JsonNode entry) => entry.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal);
}
