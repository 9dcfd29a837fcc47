namespace BinAuthz.Auditing.Scanning;

/// <summary>What became of reading a part of a note.</summary>
internal abstract record ShardOutcome
{
    private ShardOutcome()
    {
    }

    /// <summary>It was read to its end.</summary>
    /// <param name="Tally">What its attestations are.</param>
    internal sealed record Read(ScanTally Tally) : ShardOutcome;

    /// <summary>It has more attestations than one part should.</summary>
    /// <param name="Halves">What to read instead.</param>
    internal sealed record TooLarge(IReadOnlyList<AuditShard> Halves) : ShardOutcome;
}
