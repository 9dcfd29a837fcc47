namespace BinAuthz.Alerting;

/// <summary>When a window was opened, and by what.</summary>
/// <param name="Window">The window.</param>
/// <param name="Entry">The log entry that opened it; its redelivery goes on with what it began.</param>
/// <param name="At">When it was opened, UTC.</param>
/// <param name="Until">When it closes, UTC.</param>
internal sealed record AlertOpening(AlertWindow Window, LoggedAt Entry, DateTimeOffset At, DateTimeOffset Until)
{
    /// <summary>How long only the opener's redelivery goes on with the first alert. After that anyone does.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    /// <summary>How long a message is tried again that somebody did not take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    /// <summary>Whether an entry still belongs to this window. Its own time counts too, so that what comes late is counted where it belongs.</summary>
    public bool Takes(LoggedAt entry, DateTimeOffset now) => now < Until || entry.Time < Until || entry == Entry;

    /// <summary>Whether an entry may belong to the window before this one.</summary>
    public bool MayComeTooLateFor(LoggedAt entry) => Window.Number > 1 && entry.Time < At && entry != Entry;
}
