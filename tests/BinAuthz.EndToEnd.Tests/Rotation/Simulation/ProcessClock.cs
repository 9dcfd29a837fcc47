using Microsoft.Extensions.Time.Testing;

namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>
/// The clock of a simulated process, which differs from the world's by a constant. Nobody sleeps: when a process only waits
/// for a timer, and for no call, the world's clock is advanced to it.
/// </summary>
internal sealed class ProcessClock(FakeTimeProvider world, TimeSpan skew, RemoteCalls calls) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => world.GetUtcNow() + skew;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        calls.ThrowIfKilled();
        return new Timer(world, calls, callback, state, dueTime);
    }

    private sealed class Timer : ITimer
    {
        private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);
        private readonly FakeTimeProvider world;
        private readonly RemoteCalls calls;
        private readonly TimerCallback callback;
        private readonly object? state;
        private int setting;

        public Timer(FakeTimeProvider world, RemoteCalls calls, TimerCallback callback, object? state, TimeSpan dueTime)
        {
            (this.world, this.calls, this.callback, this.state) = (world, calls, callback, state);
            Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var mine = Interlocked.Increment(ref setting);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                _ = Task.Run(() => FireAsync(mine, dueTime));
            }

            return true;
        }

        public void Dispose() => Interlocked.Increment(ref setting);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task FireAsync(int mine, TimeSpan dueTime)
        {
            for (var seen = -1; seen != calls.Count || calls.InFlight > 0;)
            {
                seen = calls.Count;
                await Task.Delay(Look, System);
            }

            if (Volatile.Read(ref setting) == mine)
            {
                world.Advance(dueTime);
                callback(state);
            }
        }
    }
}
