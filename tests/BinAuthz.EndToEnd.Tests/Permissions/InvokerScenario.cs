using BinAuthz.Emulator;
using BinAuthz.GoogleCloud;
using BinAuthz.Setup;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.EndToEnd.Tests.Permissions;

/// <summary>The invoker: Cloud Run, which is not emulated, asks whether it may call each of the four functions.</summary>
internal sealed class InvokerScenario : FunctionScenario
{
    private static readonly string[] Functions = ["sign-image", "alert-on-denial", "rotate-key", "audit-attestations"];
    private readonly EmulatorHost emulator;

    private InvokerScenario(EmulatorHost emulator) => this.emulator = emulator;

    public override string Identity => "invoker";

    public override EmulatorHost Emulator => emulator;

    public override AccessNames Names { get; } = WorldAccess.Names("acme-prod");

    public static async Task<InvokerScenario> StartAsync()
    {
        var scenario = new InvokerScenario(await EmulatorHost.StartAsync(new EmulatorOptions(), Stop));
        WorldAccess.Enforce(scenario.emulator, "acme-prod");
        return scenario;
    }

    public override Task PrepareAsync() => Task.CompletedTask;

    public override async Task RunAsync()
    {
        await using var services = new ServiceCollection().AddGoogleCloud(new BinAuthzOptions { Endpoint = emulator.GrpcEndpoint, Principal = Names.Email(Identity) }).BuildServiceProvider();
        foreach (var function in Functions)
        {
            var service = $"projects/acme-prod/locations/us-central1/services/production-{function}";
            Assert.Single(await services.GetRequiredService<IamClient>().HeldAsync("run.googleapis.com", service, ["run.routes.invoke"], Stop));
        }
    }

    public override ValueTask DisposeAsync() => emulator.DisposeAsync();
}
