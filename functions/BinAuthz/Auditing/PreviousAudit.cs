using BinAuthz.Auditing.Reports;

namespace BinAuthz.Auditing;

/// <summary>The report before, read and verified.</summary>
/// <param name="Link">As the chain names it.</param>
/// <param name="Report">What it says.</param>
internal sealed record PreviousAudit(PreviousReport Link, AuditReport Report);
