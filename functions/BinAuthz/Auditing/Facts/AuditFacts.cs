using BinAuthz.Auditing.Reports;
using BinAuthz.Checkup;

namespace BinAuthz.Auditing.Facts;

/// <summary>Everything that the rules look at, read once. What could not be read says why.</summary>
/// <param name="Request">What is audited.</param>
/// <param name="Previous">The report before; null: this is the first.</param>
/// <param name="Attestors">The environment's, in the request's order.</param>
/// <param name="Policy">What admission is decided by.</param>
/// <param name="Coverage">Which images are attested.</param>
/// <param name="Access">Who may do what.</param>
/// <param name="Events">What the logs tell since the report before.</param>
internal sealed record AuditFacts(
    AuditRequest Request,
    AuditReport? Previous,
    IReadOnlyList<AuditedAttestor> Attestors,
    AuditedPolicy Policy,
    Fact<Coverage> Coverage,
    AuditedAccess Access,
    AuditedEvents Events)
{
    /// <summary>When it is audited, UTC.</summary>
    public DateTimeOffset Now => Request.Time;

    /// <summary>From when on events count, UTC.</summary>
    public DateTimeOffset Since => Request.Since(Previous);
}
