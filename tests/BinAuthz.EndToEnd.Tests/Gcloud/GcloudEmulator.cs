using BinAuthz.Emulator;
using BinAuthz.EndToEnd.Tests.Gcloud;

[assembly: AssemblyFixture(typeof(GcloudEmulator))]

namespace BinAuthz.EndToEnd.Tests.Gcloud;

/// <summary>The emulator that all scenarios share, each in a project of its own. It starts when the first one asks.</summary>
public sealed class GcloudEmulator : IAsyncDisposable
{
    private readonly Lazy<Task<EmulatorHost>> host = new(() => EmulatorHost.StartAsync(new EmulatorOptions(), CancellationToken.None));

    public Task<EmulatorHost> StartedAsync() => host.Value;

    public async ValueTask DisposeAsync()
    {
        if (host.IsValueCreated)
        {
            await (await host.Value).DisposeAsync();
        }
    }
}
