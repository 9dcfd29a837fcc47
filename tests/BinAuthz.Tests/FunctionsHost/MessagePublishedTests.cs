using System.Net;
using System.Text;
using BinAuthz.Functions.Events;
using CloudNative.CloudEvents;

namespace BinAuthz.Tests.FunctionsHost;

/// <summary>The data of Pub/Sub events as our functions take it, in every form in which it arrives.</summary>
public sealed class MessagePublishedTests
{
    private static string Sample(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "testdata", "events", name));

    [Theory]
    [InlineData("cloudevent-pubsub-body.json", "application/json", true)]
    [InlineData("cloudevent-pubsub-body-redelivery.json", "application/json", true)]
    [InlineData("cloudevent-pubsub-structured.json", "application/cloudevents+json", false)]
    [InlineData("pubsub-push-raw.json", "application/json", false)]
    public async Task Event_RecordedRequest_HasTheMessage(string file, string contentType, bool binary)
    {
        await using var host = await FunctionHost.StartAsync<TypedRecordingFunction<MessagePublished>>();

        var status = await host.PostAsync(
            Sample(file), contentType, "/projects/acme-prod/topics/gcr", binary ? BinaryModeTests.Headers() : []);

        Assert.Equal(HttpStatusCode.OK, status);
        var (cloudEvent, data) = host.Events.Only;
        var published = Assert.IsType<MessagePublished>(data);
        Assert.Equal("11873450195746312", cloudEvent.Id);
        Assert.Equal(MessagePublished.EventType, cloudEvent.Type);
        Assert.Null(published.Problem);
        Assert.Equal("11873450195746312", published.Message.MessageId);
        Assert.Equal("2026-10-01T08:15:02.321Z", published.Message.PublishTime);
        Assert.StartsWith("{\"action\":\"INSERT\"", Encoding.UTF8.GetString(published.Message.Data.Span), StringComparison.Ordinal);
        Assert.Equal("projects/acme-prod/subscriptions/eventarc-us-central1-signer-sub-042", published.Subscription);
        Assert.Equal(file.Contains("redelivery", StringComparison.Ordinal) ? 3 : null, published.DeliveryAttempt);
    }

    [Fact]
    public async Task Event_AuditLogByEventarc_HasTheEntryAsData()
    {
        await using var host = await FunctionHost.StartAsync<TypedRecordingFunction<MessagePublished>>();
        using var recorded = System.Text.Json.JsonDocument.Parse(Sample("cloudevent-ar-auditlog-headers.json"));
        var headers = recorded.RootElement.EnumerateObject().Where(header => header.Name.StartsWith("ce-", StringComparison.Ordinal)).Select(header => (header.Name, header.Value.GetString()!)).ToArray();
        var entry = TestData.Text("logs/ar-docker-put-manifest.json");

        Assert.Equal(HttpStatusCode.OK, await host.PostAsync(entry, "application/json", headers: headers));

        var published = Assert.IsType<MessagePublished>(host.Events.Only.Data);
        Assert.Null(published.Problem);
        Assert.Equal(host.Events.Only.Event.Id, published.Message.MessageId);
        Assert.Equal(entry, Encoding.UTF8.GetString(published.Message.Data.Span));
        Assert.IsType<ImageNotification.Audited>(ImageNotification.Read(published.Message.Data.Span));
    }

    [Fact]
    public async Task Event_LogSink_HasTheAttributes()
    {
        await using var host = await FunctionHost.StartAsync<TypedRecordingFunction<MessagePublished>>();

        await host.PostAsync(Sample("logsink-pubsub-body.json"), "application/json", headers: BinaryModeTests.Headers());

        var published = Assert.IsType<MessagePublished>(host.Events.Only.Data);
        Assert.Equal("logging.googleapis.com/timestamp", Assert.Single(published.Message.Attributes).Key);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"message":null}""")]
    [InlineData("""{"message":{}}""")]
    [InlineData("""{"message":{"messageId":"1","data":"not base64!"}}""")]
    [InlineData("""{"message":{"messageId":"1","attributes":{"k":1}}}""")]
    public async Task Event_Unreadable_IsHandedToTheFunctionWithTheProblemAndTheBody(string body)
    {
        await using var host = await FunctionHost.StartAsync<TypedRecordingFunction<MessagePublished>>();

        Assert.Equal(HttpStatusCode.OK, await host.PostAsync(body, "application/json", headers: BinaryModeTests.Headers()));

        var published = Assert.IsType<MessagePublished>(host.Events.Only.Data);
        Assert.NotNull(published.Problem);
        Assert.Equal(body, Encoding.UTF8.GetString(published.Body.Span));
    }

    [Fact]
    public async Task Event_EmptyBody_IsHandedToTheFunctionWithTheProblem()
    {
        await using var host = await FunctionHost.StartAsync<TypedRecordingFunction<MessagePublished>>();

        Assert.Equal(HttpStatusCode.OK, await host.PostAsync("", "application/json", headers: BinaryModeTests.Headers()));
        Assert.Contains("no body", Assert.IsType<MessagePublished>(host.Events.Only.Data).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Formatter_Encode_DecodesToTheSameMessage(bool structured)
    {
        var message = new PubsubMessage { MessageId = "7", Data = "hi"u8.ToArray(), Attributes = new Dictionary<string, string> { ["k"] = "v" } };
        var sent = new CloudEvent
        {
            Id = "7",
            Type = MessagePublished.EventType,
            Source = new Uri("//pubsub.googleapis.com/projects/p/topics/t", UriKind.Relative),
            DataContentType = "application/json",
            Data = new MessagePublished { Message = message, Subscription = "s" },
        };
        CloudEventFormatter formatter = new MessagePublishedFormatter();

        CloudEvent received;
        if (structured)
        {
            received = formatter.DecodeStructuredModeMessage(formatter.EncodeStructuredModeMessage(sent, out var type), type, null);
        }
        else
        {
            received = new CloudEvent { DataContentType = "application/json" };
            formatter.DecodeBinaryModeEventData(formatter.EncodeBinaryModeEventData(sent), received);
        }

        var data = Assert.IsType<MessagePublished>(received.Data);
        Assert.Equal("7", data.Message.MessageId);
        Assert.Equal("hi"u8.ToArray(), data.Message.Data.ToArray());
        Assert.Equal("v", data.Message.Attributes["k"]);
        Assert.Equal("s", data.Subscription);
        Assert.Null(data.DeliveryAttempt);
    }
}
