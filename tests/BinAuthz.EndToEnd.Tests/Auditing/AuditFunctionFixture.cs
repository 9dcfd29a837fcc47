using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.Images;

namespace BinAuthz.EndToEnd.Tests.Auditing;

/// <summary>The function that audits beside a <see cref="ScheduledAuditWorld"/>; started once for its tests.</summary>
public sealed class AuditFunctionFixture : IAsyncLifetime
{
    private ScheduledAuditWorld? world;
    private HostedFunction? function;

    internal ScheduledAuditWorld World => world!;

    internal HostedFunction Function => function!;

    /// <summary>An image that was pushed before the function started, and that the signer was never told of.</summary>
    internal ImageReference Waiting { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        world = await ScheduledAuditWorld.StartAsync();
        Waiting = await world.Signing.PushAsync();
        // An audit's time is cut to the second, and must be later than the push.
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        function = await HostedFunction.StartAsync(
            "AuditAttestationsFunction", "auditor", world.Signing.Emulator, ("Approval", world.Signing.PolicyPath), ("Audit__Grace", "00:00:00"), ("Audit__Administrators__0", "group:platform@acme.example"));
    }

    public async ValueTask DisposeAsync()
    {
        await (function?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (world?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
