using System.Net;
using System.Text;
using System.Text.Json;

namespace BinAuthz.Tests.FunctionsHost;

/// <summary>CloudEvents whose attributes are headers.</summary>
public sealed class BinaryModeTests
{
    public static (string Name, string Value)[] Headers(params (string Name, string? Value)[] changes)
    {
        var headers = new Dictionary<string, string?>
        {
            ["ce-specversion"] = "1.0",
            ["ce-id"] = "11873450195746312",
            ["ce-source"] = "//pubsub.googleapis.com/projects/acme-prod/topics/gcr",
            ["ce-type"] = "google.cloud.pubsub.topic.v1.messagePublished",
        };
        foreach (var (name, value) in changes)
        {
            headers[name] = value;
        }

        return [.. headers.Where(h => h.Value is not null).Select(h => (h.Key, h.Value!))];
    }

    [Fact]
    public async Task Event_AllAttributes_ReachTheFunction()
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        var status = await host.PostAsync("""{"a":1}""", "application/json; charset=utf-8", headers: Headers(
            ("ce-time", "2026-10-01T08:15:02.321Z"), ("ce-subject", "caf%C3%A9"), ("CE-Region", "eu")));

        Assert.Equal(HttpStatusCode.OK, status);
        var (cloudEvent, data) = host.Events.Only;
        Assert.Equal("11873450195746312", cloudEvent.Id);
        Assert.Equal("//pubsub.googleapis.com/projects/acme-prod/topics/gcr", cloudEvent.Source?.ToString());
        Assert.Equal("google.cloud.pubsub.topic.v1.messagePublished", cloudEvent.Type);
        Assert.Equal(new DateTimeOffset(2026, 10, 1, 8, 15, 2, 321, TimeSpan.Zero), cloudEvent.Time);
        Assert.Equal("café", cloudEvent.Subject);
        Assert.Equal("eu", cloudEvent["region"]);
        Assert.Equal("application/json; charset=utf-8", cloudEvent.DataContentType);
        Assert.Equal(1, Assert.IsType<JsonElement>(data).GetProperty("a").GetInt32());
    }

    [Theory]
    [InlineData("ce-id", null)]
    [InlineData("ce-source", null)]
    [InlineData("ce-type", null)]
    [InlineData("ce-specversion", "0.3")]
    [InlineData("ce-specversion", "2.0")]
    [InlineData("ce-specversion", "")]
    [InlineData("ce-time", "yesterday")]
    [InlineData("ce-my_ext", "x")]
    public async Task Event_AttributeMissingOrWrong_400(string header, string? value)
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        var status = await host.PostAsync("{}", "application/json", headers: Headers((header, value)));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Empty(host.Events.Calls);
    }

    [Fact]
    public async Task Event_InvalidJson_400()
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        Assert.Equal(HttpStatusCode.BadRequest, await host.PostAsync("{", "application/json", headers: Headers()));
    }

    [Fact]
    public async Task Event_EmptyBody_FunctionIsCalledWithoutData()
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        Assert.Equal(HttpStatusCode.OK, await host.PostAsync("", "application/json", headers: Headers()));
        Assert.Null(host.Events.Only.Data);
    }

    [Fact]
    public async Task TypedEvent_EmptyBody_FunctionIsCalledWithoutData()
    {
        await using var host = await FunctionHost.StartAsync<TypedRecordingFunction<Order>>();

        Assert.Equal(HttpStatusCode.OK, await host.PostAsync("", "application/json", headers: Headers()));
        Assert.Null(host.Events.Only.Data);
    }

    [Theory]
    [InlineData(null, typeof(JsonElement))]
    [InlineData("application/vnd.acme+json", typeof(byte[]))]
    [InlineData("text/plain", typeof(string))]
    [InlineData("application/octet-stream", typeof(byte[]))]
    public async Task Event_ContentType_DecidesTheTypeOfData(string? contentType, Type expected)
    {
        await using var host = await FunctionHost.StartAsync<RecordingFunction>();

        Assert.Equal(HttpStatusCode.OK, await host.PostAsync("""{"a":1}""", contentType, headers: Headers()));
        Assert.IsType(expected, host.Events.Only.Data);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("text")]
    public async Task TypedEvent_OtherBody_400(string body)
    {
        await using var host = await FunctionHost.StartAsync<TypedRecordingFunction<Order>>();

        Assert.Equal(HttpStatusCode.BadRequest, await host.PostAsync(body, "application/json", headers: Headers()));
        Assert.Empty(host.Events.Calls);
    }

    [Fact]
    public async Task TypedEvent_Json_IsDeserialized()
    {
        await using var host = await FunctionHost.StartAsync<TypedRecordingFunction<Order>>();

        await host.PostAsync("""{"Name":"first"}""", "application/json", headers: Headers());

        Assert.Equal("first", Assert.IsType<Order>(host.Events.Only.Data).Name);
    }

    [Fact]
    public async Task TypedEvent_DataTypeWithoutFormatter_FailsAndNamesTheRemedy()
    {
        await using var host = await FunctionHost.StartAsync<TypedRecordingFunction<StringBuilder>>();

        var status = await host.PostAsync("{}", "application/json", headers: Headers());

        Assert.True(status is HttpStatusCode.BadRequest or HttpStatusCode.InternalServerError);
        Assert.Contains(host.Log.Entries, entry => $"{entry.Message} {entry.Exception?.Message}".Contains("ormatter", StringComparison.Ordinal));
    }
}
