using System.Net;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Emulation;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.Images;

namespace BinAuthz.EndToEnd.Tests.Auditing;

/// <summary>The function that audits in a process of its own, beside a <see cref="ScheduledAuditWorld"/>; started once for its tests.</summary>
public sealed class AuditFunctionFixture : IAsyncLifetime
{
    private ScheduledAuditWorld? world;
    private FunctionProcess? function;

    internal ScheduledAuditWorld World => world!;

    /// <summary>An image that was pushed before the function started, and that the signer was never told of.</summary>
    internal ImageReference Waiting { get; private set; } = null!;

    internal LineLog Log { get; } = new();

    internal Uri Address => function!.Address;

    public async ValueTask InitializeAsync()
    {
        world = await ScheduledAuditWorld.StartAsync();
        Waiting = await world.Signing.PushAsync();
        // An audit's time is cut to the second, and must be later than the push.
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        var settings = new Dictionary<string, string>
        {
            ["BinAuthz__Approval"] = world.Signing.PolicyPath,
            ["BinAuthz__Endpoint"] = world.Signing.Emulator.GrpcEndpoint.ToString(),
            ["BinAuthz__Principal"] = WorldAccess.Principal(SigningWorld.Project, "auditor"),
            ["BinAuthz__Audit__Grace"] = "00:00:00",
            ["BinAuthz__Audit__Administrators__0"] = "group:platform@acme.example",
        };
        function = await FunctionProcess.StartAsync("BinAuthz.Functions.AuditAttestationsFunction", settings, Log.Add, TestContext.Current.CancellationToken);
    }

    internal async Task<(HttpStatusCode Status, JsonNode? Answer)> SendAsync(HttpRequestMessage request)
    {
        request.RequestUri ??= Address;
        using var response = await World.Signing.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, body.Length > 0 ? JsonNode.Parse(body) : null);
    }

    public async ValueTask DisposeAsync()
    {
        if (function is not null)
        {
            await function.DisposeAsync();
        }

        if (world is not null)
        {
            await world.DisposeAsync();
        }
    }
}
