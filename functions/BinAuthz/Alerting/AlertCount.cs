namespace BinAuthz.Alerting;

/// <summary>The log entries that a window has counted.</summary>
/// <param name="Entries">How many.</param>
/// <param name="From">The time of the first.</param>
/// <param name="Until">The time of the last.</param>
internal sealed record AlertCount(int Entries, DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>Not one.</summary>
    public static readonly AlertCount None = new(0, DateTimeOffset.MaxValue, DateTimeOffset.MinValue);

    /// <summary>With the entry that opened the window.</summary>
    public AlertCount With(LoggedAt entry) => new(Entries + 1, entry.Time < From ? entry.Time : From, entry.Time > Until ? entry.Time : Until);
}
