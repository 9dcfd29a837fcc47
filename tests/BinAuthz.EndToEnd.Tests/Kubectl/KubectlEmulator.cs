using BinAuthz.Emulator;

namespace BinAuthz.EndToEnd.Tests.Kubectl;

/// <summary>The emulator of the tests with kubectl, each of which has a project of its own.</summary>
public sealed class KubectlEmulator : IAsyncLifetime
{
    public EmulatorHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await EmulatorHost.StartAsync(new EmulatorOptions(), CancellationToken.None);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
