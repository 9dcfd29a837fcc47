using BinAuthz.Auditing.Telling;

namespace BinAuthz.Auditing;

/// <summary>What became of an audit on the schedule.</summary>
internal abstract record ScheduledOutcome
{
    private ScheduledOutcome()
    {
    }

    /// <summary>There is a report, and it was told.</summary>
    /// <param name="Stored">The report that is kept, whose statement's digest anchors the chain.</param>
    /// <param name="Changes">What was told.</param>
    /// <param name="SentBack">How many images the signer was asked for again.</param>
    internal sealed record Reported(PreviousAudit Stored, FindingChanges Changes, int SentBack) : ScheduledOutcome
    {
        /// <summary>Whether an earlier run had told everything, so that this one told nothing.</summary>
        public bool WasTold { get; init; }

        /// <summary>In one word.</summary>
        public string Verdict => FindingMessages.VerdictOf(Stored.Report);
    }

    /// <summary>It goes on in parts, the last of which makes the report.</summary>
    /// <param name="Asked">How many parts were asked for now.</param>
    internal sealed record InParts(int Asked) : ScheduledOutcome;

    /// <summary>A later report is in the chain already, and this one has no place any more.</summary>
    internal sealed record TooLate : ScheduledOutcome;
}
