using System.Net;
using System.Text.Json;

namespace BinAuthz.Tests.FunctionsHost;

/// <summary>CloudEvents that are one JSON document.</summary>
public sealed class StructuredModeTests
{
    private const string Event = """
        {"specversion":"1.0","id":"1","source":"//a/b","type":"t","datacontenttype":"application/json","topic":"gcr","data":{"Name":"first"}}
        """;

    [Theory]
    [InlineData("application/cloudevents+json")]
    [InlineData("application/cloudevents+json; charset=utf-8")]
    public async Task Event_ContentType_IsRead(string contentType)
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        Assert.Equal(HttpStatusCode.OK, await host.PostAsync(Event, contentType));
        var (cloudEvent, data) = host.Events.Only;
        Assert.Equal("1", cloudEvent.Id);
        Assert.Equal("gcr", cloudEvent["topic"]);
        Assert.Equal("first", Assert.IsType<JsonElement>(data).GetProperty("Name").GetString());
    }

    [Fact]
    public async Task Event_BothModes_ContentTypeWins()
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        await host.PostAsync(Event, "application/cloudevents+json", headers: BinaryModeTests.Headers(("ce-id", "header")));

        Assert.Equal("1", host.Events.Only.Event.Id);
    }

    [Theory]
    [InlineData("""{"specversion":"1.0","source":"//a/b","type":"t"}""")]
    [InlineData("""{"specversion":"9.9","id":"1","source":"//a/b","type":"t"}""")]
    [InlineData("""[]""")]
    [InlineData("""{""")]
    public async Task Event_Malformed_400(string body)
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        Assert.Equal(HttpStatusCode.BadRequest, await host.PostAsync(body, "application/cloudevents+json"));
        Assert.Empty(host.Events.Calls);
    }

    [Fact]
    public async Task Batch_Any_400()
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        Assert.Equal(HttpStatusCode.BadRequest, await host.PostAsync($"[{Event}]", "application/cloudevents-batch+json"));
    }

    [Fact]
    public async Task TypedEvent_Json_IsDeserialized()
    {
        await using var host = await FunctionHost.StartAsync<TypedRecordingFunction<Order>>();

        Assert.Equal(HttpStatusCode.OK, await host.PostAsync(Event, "application/cloudevents+json"));
        Assert.Equal("first", Assert.IsType<Order>(host.Events.Only.Data).Name);
    }

    [Fact]
    public async Task TypedEvent_Base64_400()
    {
        await using var host = await FunctionHost.StartAsync<TypedRecordingFunction<Order>>();

        var status = await host.PostAsync(
            """{"specversion":"1.0","id":"1","source":"//a/b","type":"t","data_base64":"e30="}""", "application/cloudevents+json");

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }
}
