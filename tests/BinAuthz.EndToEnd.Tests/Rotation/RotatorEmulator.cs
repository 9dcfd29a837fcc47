using BinAuthz.Emulator;

namespace BinAuthz.EndToEnd.Tests.Rotation;

/// <summary>One emulator and one clock for all tests of a class, which run one after the other, each in a project of its own.</summary>
public sealed class RotatorEmulator : IAsyncLifetime
{
    private EmulatorHost? host;
    private int projects;

    internal EmulatorHost Host => host ?? throw new InvalidOperationException("The fixture is not initialized.");

    internal RotatorClock Clock { get; } = new();

    internal string NextProject() => $"acme-{Interlocked.Increment(ref projects)}";

    public async ValueTask InitializeAsync() =>
        host = await EmulatorHost.StartAsync(new EmulatorOptions { TimeProvider = new FollowingTime(Clock) }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
        {
            await host.DisposeAsync();
        }
    }
}
