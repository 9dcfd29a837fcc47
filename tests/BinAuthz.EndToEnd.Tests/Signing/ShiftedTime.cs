namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>The system's clock, ahead by a constant.</summary>
internal sealed class ShiftedTime(TimeSpan shift) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
}
