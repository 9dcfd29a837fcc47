using BinAuthz.Auditing.Facts;

namespace BinAuthz.Auditing;

/// <summary>A rule of the audit.</summary>
/// <param name="Id">Stable: <c>BA1xx</c> attestations, <c>BA2xx</c> keys and attestors, <c>BA3xx</c> policy, <c>BA4xx</c> coverage, <c>BA5xx</c> access, <c>BA6xx</c> events.</param>
/// <param name="Title">What is wrong when it finds something, in a few words.</param>
/// <param name="Severity">Of its findings, unless one says otherwise.</param>
/// <param name="Rationale">Why that matters.</param>
/// <param name="Remedy">What mends it.</param>
/// <param name="Controls">What it gives evidence for.</param>
/// <param name="Judge">Judges what was read. What could not be read is not assessed, and never taken for good.</param>
internal sealed record AuditRule(
    string Id,
    string Title,
    AuditSeverity Severity,
    string Rationale,
    string Remedy,
    IReadOnlyList<AuditControl> Controls,
    Func<AuditRule, AuditFacts, RuleAssessment> Judge)
{
    /// <summary>A finding of this rule.</summary>
    /// <param name="resource">What it is about, by its full name: the same thing found again must have the same one.</param>
    /// <param name="detail">What is there and what should be.</param>
    public AuditFinding Finding(object resource, string detail) => new(Id, Severity, resource.ToString()!, detail, Remedy);
}
