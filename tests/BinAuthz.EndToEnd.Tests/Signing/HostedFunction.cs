using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Emulation;
using BinAuthz.Emulator;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>A function in its real host, in a process of its own, as the identity that it has in production.</summary>
internal sealed class HostedFunction : IAsyncDisposable
{
    private const string MessagePublished = "google.cloud.pubsub.topic.v1.messagePublished";
    private static readonly HttpClient Http = new();
    private readonly FunctionProcess process;

    private HostedFunction(FunctionProcess process, LineLog log) => (this.process, Log) = (process, log);

    public Uri Address => process.Address;

    /// <summary>What it printed.</summary>
    public LineLog Log { get; }

    /// <summary>Starts one.</summary>
    /// <param name="target">The class.</param>
    /// <param name="identity">Such as <c>signer</c>.</param>
    /// <param name="emulator">What it calls.</param>
    /// <param name="settings">Names below <c>BinAuthz</c>, with <c>__</c> between their parts.</param>
    public static async Task<HostedFunction> StartAsync(string target, string identity, EmulatorHost emulator, params (string Name, string Value)[] settings)
    {
        var log = new LineLog();
        (string Name, string Value)[] all = [.. settings, ("Endpoint", emulator.GrpcEndpoint.ToString()), ("Principal", WorldAccess.Principal(SigningWorld.Project, identity))];
        var variables = all.ToDictionary(setting => $"BinAuthz__{setting.Name}", setting => setting.Value);
        return new HostedFunction(await FunctionProcess.StartAsync($"BinAuthz.Functions.{target}", variables, log.Add, TestContext.Current.CancellationToken), log);
    }

    /// <summary>Sends a request, to its address unless it has one.</summary>
    public async Task<(HttpStatusCode Status, JsonNode? Answer)> SendAsync(HttpRequestMessage request)
    {
        request.RequestUri ??= Address;
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, body.Length > 0 ? JsonNode.Parse(body) : null);
    }

    /// <summary>Posts a message of a topic as Eventarc does.</summary>
    public Task<HttpStatusCode> PostMessageAsync(string topic, string data, string messageId)
    {
        var body = new JsonObject
        {
            ["message"] = new JsonObject { ["data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(data)), ["messageId"] = messageId, ["publishTime"] = "2026-10-01T08:15:30.123Z" },
            ["subscription"] = $"projects/{SigningWorld.Project}/subscriptions/eventarc-us-central1-{topic}",
        };
        return PostEventAsync(topic, body.ToJsonString(), MessagePublished, messageId);
    }

    /// <summary>Posts an event of a topic.</summary>
    public async Task<HttpStatusCode> PostEventAsync(string topic, string body, string type, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("ce-id", id);
        request.Headers.Add("ce-source", $"//pubsub.googleapis.com/projects/{SigningWorld.Project}/topics/{topic}");
        request.Headers.Add("ce-type", type);
        request.Headers.Add("ce-specversion", "1.0");
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
