namespace BinAuthz.Auditing.Reports;

/// <summary>A rule and what came out of it.</summary>
/// <param name="Id">Such as <c>BA103</c>.</param>
/// <param name="Title">What is wrong when it finds something.</param>
/// <param name="Severity">Of its findings, unless one says otherwise.</param>
/// <param name="Status">What came out.</param>
/// <param name="Count">How many findings there are; the report names at most so many of them.</param>
/// <param name="Reason">Why it could not be assessed, and what helps; empty otherwise.</param>
internal sealed record ReportedRule(string Id, string Title, AuditSeverity Severity, RuleStatus Status, long Count, string Reason)
{
    /// <summary>Why it matters.</summary>
    public string Rationale { get; init; } = "";

    /// <summary>What mends it.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>What it gives evidence for.</summary>
    public IReadOnlyList<AuditControl> Controls { get; init; } = [];
}
