namespace BinAuthz.Auditing.Facts;

/// <summary>What the logs tell.</summary>
internal sealed record AuditedEvents;
