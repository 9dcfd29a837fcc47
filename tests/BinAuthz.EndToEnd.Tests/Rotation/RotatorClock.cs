namespace BinAuthz.EndToEnd.Tests.Rotation;

/// <summary>The system's clock, ahead by what a test asks for; it can be made to run ahead by itself whenever somebody waits.</summary>
internal sealed class RotatorClock : TimeProvider
{
    private long ahead;

    /// <summary>Whether a wait is over at once, and the clock ahead by its length.</summary>
    public bool Hurries { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref ahead));

    public void Advance(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (!Hurries || dueTime <= TimeSpan.Zero)
        {
            return System.CreateTimer(callback, state, dueTime, period);
        }

        Advance(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
