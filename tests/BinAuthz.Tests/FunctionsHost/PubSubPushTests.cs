using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Tests.FunctionsHost;

/// <summary>The raw push body of a Pub/Sub subscription.</summary>
public sealed class PubSubPushTests
{
    private const string Push = """
        {"message":{"data":"aGk=","attributes":{"k":"v"},"messageId":"42","message_id":"42","publishTime":"2026-10-01T08:15:02.321Z"},
         "subscription":"projects/acme-prod/subscriptions/signer"}
        """;

    [Fact]
    public async Task Push_PathNamesTheTopic_BecomesTheEventThatEventarcSends()
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        Assert.Equal(HttpStatusCode.OK, await host.PostAsync(Push, "application/json", "/projects/acme-prod/topics/gcr"));

        var (cloudEvent, data) = host.Events.Only;
        Assert.Equal("google.cloud.pubsub.topic.v1.messagePublished", cloudEvent.Type);
        Assert.Equal("42", cloudEvent.Id);
        Assert.Equal("//pubsub.googleapis.com/projects/acme-prod/topics/gcr", cloudEvent.Source?.ToString());
        Assert.Equal("gcr", cloudEvent["topic"]);
        Assert.Equal("application/json", cloudEvent.DataContentType);
        Assert.Equal(new DateTimeOffset(2026, 10, 1, 8, 15, 2, 321, TimeSpan.Zero), cloudEvent.Time);
        AssertJson(Push, data);
        Assert.DoesNotContain(host.Log.Entries, entry => entry.Level == LogLevel.Warning);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/not/a/topic")]
    public async Task Push_PathNamesNoTopic_SourceSaysUnknownAndAWarningIsLogged(string path)
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        Assert.Equal(HttpStatusCode.OK, await host.PostAsync(Push, "application/json", path));

        Assert.Equal(
            "//pubsub.googleapis.com/projects/unknown-project!/topics/unknown-topic!", host.Events.Only.Event.Source?.ToString());
        Assert.Single(host.Log.Entries, entry => entry.Level == LogLevel.Warning);
    }

    [Theory]
    [InlineData("2026-10-01T08:15:02.321Z", "2026-10-01T08:15:02.321Z", true)]
    [InlineData("2026-10-01T08:15:02Z", "2026-10-01T08:15:02.000Z", true)]
    [InlineData("2026-10-01T08:15:02.321654Z", "2026-10-01T08:15:02.321654Z", true)]
    [InlineData("2026-10-01T08:15:02.321654987Z", "2026-10-01T08:15:02.321654987Z", false)]
    [InlineData("soon", "soon", false)]
    public async Task Push_PublishTime_IsTheTimeIfItHasAtMostSixDigits(string sent, string kept, bool isTime)
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        await host.PostAsync(Push.Replace("2026-10-01T08:15:02.321Z", sent, StringComparison.Ordinal), "application/json");

        var (cloudEvent, data) = host.Events.Only;
        Assert.Equal(isTime, cloudEvent.Time is not null);
        Assert.Equal(kept, Assert.IsType<JsonElement>(data).GetProperty("message").GetProperty("publishTime").GetString());
    }

    [Theory]
    [InlineData("""{"message":{"messageId":"1"}}""")]
    [InlineData("""{"subscription":"projects/p/subscriptions/s"}""")]
    [InlineData("""{"message":{"message_id":"1"},"subscription":"s"}""")]
    [InlineData("""{"message":{"messageId":1},"subscription":"s"}""")]
    [InlineData("""{"message":"text","subscription":"s"}""")]
    [InlineData("""{"message":{"messageId":"1"},"subscription":"s","data":{}}""")]
    [InlineData("""{"message":{"messageId":"1"},"subscription":"s","domain":"d"}""")]
    [InlineData("""{"message":{"messageId":"1"},"subscription":"s","context":{}}""")]
    [InlineData("""{"message":{"messageId":"1"},"subscription":"s","eventId":"1"}""")]
    [InlineData("""{"message":{"messageId":"1"},"subscription":"s","eventType":"t"}""")]
    [InlineData("""{"message":{"messageId":"1"},"subscription":"s","params":{}}""")]
    [InlineData("""{"message":{"messageId":"1"},"subscription":"s","timestamp":"2026-10-01T08:15:02Z"}""")]
    public async Task Push_Malformed_400(string body)
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        Assert.Equal(HttpStatusCode.BadRequest, await host.PostAsync(body, "application/json"));
        Assert.Empty(host.Events.Calls);
    }

    [Fact]
    public async Task Push_UnknownMembers_AreIgnored()
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        var status = await host.PostAsync(
            """{"message":{"messageId":"1"},"subscription":"s","deliveryAttempt":5}""", "application/json");

        Assert.Equal(HttpStatusCode.OK, status);
        AssertJson("""{"message":{"messageId":"1"},"subscription":"s"}""", host.Events.Only.Data);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task Push_OtherContentType_400(string? contentType)
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        Assert.Equal(HttpStatusCode.BadRequest, await host.PostAsync(Push, contentType));
    }

    internal static void AssertJson(string expected, object? actual)
    {
        var node = JsonNode.Parse(Assert.IsType<JsonElement>(actual).GetRawText());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), node), $"Expected {expected}, but got {node?.ToJsonString()}");
    }
}
