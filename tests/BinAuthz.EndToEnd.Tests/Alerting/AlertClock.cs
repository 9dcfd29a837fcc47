namespace BinAuthz.EndToEnd.Tests.Alerting;

/// <summary>The system's clock, ahead by what a test asks for; it starts ten minutes past a full hour, so that no hour ends by chance.</summary>
internal sealed class AlertClock : TimeProvider
{
    private long ahead = TimeSpan.FromMinutes(70).Ticks - (System.GetUtcNow().UtcTicks % TimeSpan.TicksPerHour);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref ahead));

    public void Advance(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);
}
