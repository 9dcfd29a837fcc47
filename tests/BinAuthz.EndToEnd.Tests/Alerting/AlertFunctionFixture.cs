using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Emulation;
using BinAuthz.EndToEnd.Tests.Signing;

namespace BinAuthz.EndToEnd.Tests.Alerting;

/// <summary>The alerting function in its real host, in a process of its own, for all tests of a class.</summary>
public sealed class AlertFunctionFixture : IAsyncLifetime
{
    private static readonly HttpClient Http = new();
    private FunctionProcess? function;
    private AlertWorld? world;

    internal AlertWorld World => world ?? throw new InvalidOperationException("The fixture is not initialized.");

    internal LineLog Log { get; } = new();

    public async ValueTask InitializeAsync()
    {
        world = await AlertWorld.StartAsync();
        var settings = new Dictionary<string, string>
        {
            ["BinAuthz__Alerts"] = world.PolicyPath,
            ["BinAuthz__Endpoint"] = world.Emulator.GrpcEndpoint.ToString(),
            ["BinAuthz__Principal"] = WorldAccess.Principal(AlertWorld.Project, "alerter"),
        };
        function = await FunctionProcess.StartAsync("BinAuthz.Functions.AlertOnDenialFunction", settings, Log.Add, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (function is not null)
        {
            await function.DisposeAsync();
        }

        await World.DisposeAsync();
    }

    /// <summary>Posts a message of the sink's topic as Eventarc does.</summary>
    public Task<HttpStatusCode> PostAsync(string data, string messageId = "1001")
    {
        var body = new JsonObject
        {
            ["message"] = new JsonObject { ["data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(data)), ["messageId"] = messageId, ["publishTime"] = "2026-10-01T08:15:30.123Z" },
            ["subscription"] = "projects/acme-prod/subscriptions/eventarc-us-central1-alert-on-denial",
        };
        return PostEventAsync(body.ToJsonString(), "google.cloud.pubsub.topic.v1.messagePublished", messageId);
    }

    /// <summary>Posts an event.</summary>
    public async Task<HttpStatusCode> PostEventAsync(string body, string type, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, function!.Address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("ce-id", id);
        request.Headers.Add("ce-source", "//pubsub.googleapis.com/projects/acme-prod/topics/binauthz-denials");
        request.Headers.Add("ce-type", type);
        request.Headers.Add("ce-specversion", "1.0");
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
