namespace BinAuthz.EndToEnd.Tests.Rotation;

/// <summary>Tells another clock's time, but waits by the system's: what an emulator does in the background must not push a test's clock.</summary>
internal sealed class FollowingTime(TimeProvider clock) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();
}
