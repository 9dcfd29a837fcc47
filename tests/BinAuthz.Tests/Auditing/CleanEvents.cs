using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Denials;

namespace BinAuthz.Tests.Auditing;

/// <summary>Logs in which nothing happened, and what tests put into them.</summary>
internal static class CleanEvents
{
    // Nothing of CleanFacts but its constants may be looked at here: it is made of this.
    public static AuditedEvents Events { get; } = new(
        [new Fact<LoggedEvents>.Known(new LoggedEvents(CleanFacts.Project, [], null))], [new Fact<AttestationCalls>.Known(new AttestationCalls(CleanFacts.Project, [], null))]);

    public static Obstacle Gap { get; } = new("Older entries are missing.", "Audit more often.", IsTransient: false);

    /// <summary>The clean environment with events.</summary>
    public static AuditFacts With(params AuditedEvent[] events) => CleanFacts.Facts with
    {
        Events = Events with { Logs = [CleanFacts.Known(new LoggedEvents(CleanFacts.Project, events, null))] },
    };

    /// <summary>The same in which not all could be read.</summary>
    public static AuditFacts Cut(params AuditedEvent[] events) => CleanFacts.Facts with
    {
        Events = Events with { Logs = [CleanFacts.Known(new LoggedEvents(CleanFacts.Project, events, Gap))] },
    };

    /// <summary>The clean environment with calls that made attestations.</summary>
    public static AuditFacts WithCalls(params AttestationCall[] calls) => CleanFacts.Facts with
    {
        Events = Events with { Attestations = [CleanFacts.Known(new AttestationCalls(CleanFacts.Project, calls, null))] },
    };

    public static AuditedEvent Once(Finding finding, DiagnosisCause cause = DiagnosisCause.NotAttested) =>
        new(new FindingGroup(finding, 1, finding.Source.Time), new Diagnosis(cause, "Detail.", "Mend it.", "mend --it"));
}
