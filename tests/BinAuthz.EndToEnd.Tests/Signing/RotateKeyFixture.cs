using System.Net;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Emulation;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>The function that rotates keys in a process of its own, beside a <see cref="SigningWorld"/>; started once for its tests.</summary>
public sealed class RotateKeyFixture : IAsyncLifetime
{
    private SigningWorld? world;
    private FunctionProcess? function;

    internal SigningWorld World => world!;

    internal LineLog Log { get; } = new();

    internal Uri Address => function!.Address;

    public async ValueTask InitializeAsync()
    {
        world = await SigningWorld.StartAsync();
        var settings = new Dictionary<string, string>
        {
            ["BinAuthz__Approval"] = world.PolicyPath,
            ["BinAuthz__Endpoint"] = world.Emulator.GrpcEndpoint.ToString(),
            ["BinAuthz__Principal"] = WorldAccess.Principal(SigningWorld.Project, "rotator"),
            ["BinAuthz__Rotation__Lifetime"] = "3650.00:00:00",
            ["BinAuthz__Rotation__DisabledBeforeDestroy"] = "3650.00:00:00",
        };
        function = await FunctionProcess.StartAsync("BinAuthz.Functions.RotateKeyFunction", settings, Log.Add, TestContext.Current.CancellationToken);
    }

    internal async Task<(HttpStatusCode Status, JsonNode? Answer)> SendAsync(HttpRequestMessage request)
    {
        request.RequestUri ??= Address;
        using var response = await World.Http.SendAsync(request, TestContext.Current.CancellationToken);
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
