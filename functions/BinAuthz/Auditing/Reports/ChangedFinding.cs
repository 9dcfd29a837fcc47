namespace BinAuthz.Auditing.Reports;

/// <summary>A finding of two reports that is not the same in both.</summary>
/// <param name="Before">As the earlier one has it.</param>
/// <param name="Now">As the later one has it.</param>
internal sealed record ChangedFinding(AuditFinding Before, AuditFinding Now);
