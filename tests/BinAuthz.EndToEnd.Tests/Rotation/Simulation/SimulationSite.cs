using BinAuthz.Emulator;
using Grpc.Net.Client;
using Microsoft.Extensions.Time.Testing;

namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>An emulator with a clock of its own, on which histories happen one after the other, each in a project of its own.</summary>
internal sealed class SimulationSite : IAsyncDisposable
{
    private SimulationSite(EmulatorHost emulator, FakeTimeProvider clock)
    {
        Emulator = emulator;
        Clock = clock;
        Channel = GrpcChannel.ForAddress(emulator.GrpcEndpoint, new GrpcChannelOptions { HttpHandler = new RemoteCalls(Network) });
        Http = new HttpClient(new RemoteCalls(Network)) { BaseAddress = emulator.RestEndpoint };
    }

    public EmulatorHost Emulator { get; }

    /// <summary>It stands still until somebody advances it.</summary>
    public FakeTimeProvider Clock { get; }

    /// <summary>The connections of everything that is simulated here.</summary>
    public HttpMessageInvoker Network { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan });

    /// <summary>For people and observers.</summary>
    public GrpcChannel Channel { get; }

    public HttpClient Http { get; }

    public DirectoryInfo Scratch { get; } = Directory.CreateTempSubdirectory("binauthz-simulation-");

    public static async Task<SimulationSite> StartAsync()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 10, 1, 8, 0, 0, TimeSpan.Zero));
        return new SimulationSite(await EmulatorHost.StartAsync(new EmulatorOptions { TimeProvider = clock }, TestContext.Current.CancellationToken), clock);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Channel.Dispose();
        await Emulator.DisposeAsync();
        Network.Dispose();
        Scratch.Delete(recursive: true);
    }
}
