namespace BinAuthz.Auditing.Reports;

/// <summary>A report: what every format is written from, and what its JSON says in full.</summary>
/// <param name="Environment">Such as <c>production</c>.</param>
/// <param name="Project">The attestors' project.</param>
/// <param name="Time">When it was made, UTC.</param>
/// <param name="Since">From when on events count, UTC.</param>
/// <param name="Rules">Every rule and what came out of it, in the order of their ids.</param>
/// <param name="Findings">The worst first, then by rule and resource.</param>
/// <param name="Attestors">What was audited.</param>
/// <param name="Coverage">Null: it was not assessed.</param>
/// <param name="Trend">This report and those before it, the oldest first; at most <see cref="MaximumTrend"/>.</param>
internal sealed record AuditReport(
    string Environment,
    string Project,
    DateTimeOffset Time,
    DateTimeOffset Since,
    IReadOnlyList<ReportedRule> Rules,
    IReadOnlyList<AuditFinding> Findings,
    IReadOnlyList<ReportedAttestor> Attestors,
    ReportedCoverage? Coverage,
    IReadOnlyList<TrendPoint> Trend)
{
    /// <summary>How many points a trend has at most: a year of daily reports and a month.</summary>
    public const int MaximumTrend = 400;

    /// <summary>The report before; null: this is the first.</summary>
    public PreviousReport? Previous { get; init; }

    /// <summary>The project's policy as Binary Authorization's API shows it, in JSON; null: it could not be read. With it the policy can be set back.</summary>
    public string? Policy { get; init; }

    /// <summary>The worst severity of the findings; null: there is none.</summary>
    public AuditSeverity? Worst => Findings.Count == 0 ? null : Findings.Max(finding => finding.Severity);

    /// <summary>Whether every rule was assessed.</summary>
    public bool IsComplete => Rules.All(rule => rule.Status != RuleStatus.NotAssessed);
}
