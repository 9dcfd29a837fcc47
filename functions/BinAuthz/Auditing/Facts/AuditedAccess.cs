namespace BinAuthz.Auditing.Facts;

/// <summary>Who may do what with keys, notes, attestors and the policy.</summary>
internal sealed record AuditedAccess;
