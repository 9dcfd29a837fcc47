namespace BinAuthz.Alerting;

/// <summary>What a log entry is to the ledger.</summary>
internal abstract record AlertEntry
{
    private AlertEntry()
    {
    }

    /// <summary>The first of its window: it has to be told.</summary>
    /// <param name="Claim">The window.</param>
    /// <param name="IsNew">False: an earlier delivery of the same entry opened it, and may have told some.</param>
    public sealed record First(AlertClaim Claim, bool IsNew) : AlertEntry;

    /// <summary>One more of what was told; it is counted.</summary>
    /// <param name="Opening">The window.</param>
    public sealed record Counted(AlertOpening Opening) : AlertEntry;
}
