namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>The function that rotates keys beside a <see cref="SigningWorld"/>; started once for its tests.</summary>
public sealed class RotateKeyFixture : IAsyncLifetime
{
    private SigningWorld? world;
    private HostedFunction? function;

    internal SigningWorld World => world!;

    internal HostedFunction Function => function!;

    public async ValueTask InitializeAsync()
    {
        world = await SigningWorld.StartAsync();
        function = await HostedFunction.StartAsync(
            "RotateKeyFunction", "rotator", world.Emulator, ("Approval", world.PolicyPath), ("Rotation__Lifetime", "3650.00:00:00"), ("Rotation__DisabledBeforeDestroy", "3650.00:00:00"));
    }

    public async ValueTask DisposeAsync()
    {
        await (function?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (world?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
