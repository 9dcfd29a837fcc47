using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Emulation;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>The signing function in its real host, in a process of its own, beside a <see cref="SigningWorld"/>.</summary>
internal sealed class FunctionWorld : IAsyncDisposable
{
    private FunctionWorld(SigningWorld world, FunctionProcess function, LineLog log)
    {
        World = world;
        Log = log;
        this.function = function;
    }

    private readonly FunctionProcess function;

    public SigningWorld World { get; }

    public LineLog Log { get; }

    public Uri Address => function.Address;

    public static async Task<FunctionWorld> StartAsync(string? policy = null)
    {
        var world = await SigningWorld.StartAsync(policy: policy);
        var log = new LineLog();
        var settings = new Dictionary<string, string>
        {
            ["BinAuthz__Approval"] = world.PolicyPath,
            ["BinAuthz__Endpoint"] = world.Emulator.GrpcEndpoint.ToString(),
            ["BinAuthz__Principal"] = WorldAccess.Principal(SigningWorld.Project, "signer"),
        };
        var function = await FunctionProcess.StartAsync("BinAuthz.Functions.SignImageFunction", settings, log.Add, TestContext.Current.CancellationToken);
        return new FunctionWorld(world, function, log);
    }

    /// <summary>Posts a Pub/Sub message as Eventarc does.</summary>
    public async Task<HttpStatusCode> PostAsync(string data, string messageId = "1001")
    {
        var body = new JsonObject
        {
            ["message"] = new JsonObject { ["data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(data)), ["messageId"] = messageId, ["publishTime"] = "2026-10-01T08:15:30.123Z" },
            ["subscription"] = "projects/acme-prod/subscriptions/eventarc-us-central1-sign-image",
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Add("ce-id", messageId);
        request.Headers.Add("ce-source", "//pubsub.googleapis.com/projects/acme-prod/topics/gcr");
        request.Headers.Add("ce-type", "google.cloud.pubsub.topic.v1.messagePublished");
        request.Headers.Add("ce-specversion", "1.0");
        using var response = await World.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await function.DisposeAsync();
        await World.DisposeAsync();
    }
}
