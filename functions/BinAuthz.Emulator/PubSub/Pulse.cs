namespace BinAuthz.Emulator.PubSub;

/// <summary>Wakes everybody who waits.</summary>
internal sealed class Pulse
{
    private TaskCompletionSource next = Create();

    /// <summary>Ends at the next <see cref="Fire"/>.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    public void Fire() => Interlocked.Exchange(ref next, Create()).TrySetResult();

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
