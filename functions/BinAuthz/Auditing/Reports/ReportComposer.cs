using BinAuthz.Auditing.Facts;

namespace BinAuthz.Auditing.Reports;

/// <summary>Makes the report of what was read: the rules judge, and the worst comes first.</summary>
internal static class ReportComposer
{
    /// <summary>Judges and composes.</summary>
    public static AuditReport Compose(AuditFacts facts, PreviousReport? previous)
    {
        var judged = AuditRules.All.Select(rule => (Rule: rule, Assessment: rule.Judge(rule, facts))).ToArray();
        AuditFinding[] findings =
        [
            .. judged.SelectMany(each => Findings(each.Assessment))
                .OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Rule, StringComparer.Ordinal).ThenBy(finding => finding.Resource, StringComparer.Ordinal),
        ];
        return new AuditReport(
            facts.Request.Environment.Name, facts.Request.Project, facts.Now, facts.Since, [.. judged.Select(each => Describe(each.Rule, each.Assessment))], findings, [], null, [])
        {
            Previous = previous,
        };
    }

    private static IReadOnlyList<AuditFinding> Findings(RuleAssessment assessment) => assessment switch
    {
        RuleAssessment.Assessed assessed => assessed.Findings,
        RuleAssessment.NotAssessed not => not.Findings,
        _ => throw new InvalidOperationException($"{assessment.GetType().Name} is no assessment that is known here."),
    };

    private static ReportedRule Describe(AuditRule rule, RuleAssessment assessment)
    {
        var (status, count, reason) = assessment switch
        {
            RuleAssessment.Assessed assessed => (assessed.Count == 0 ? RuleStatus.Passed : RuleStatus.Failed, assessed.Count, ""),
            RuleAssessment.NotAssessed not => (RuleStatus.NotAssessed, not.Findings.Count, $"{not.Reason} {not.Remedy}"),
            _ => throw new InvalidOperationException($"{assessment.GetType().Name} is no assessment that is known here."),
        };
        return new ReportedRule(rule.Id, rule.Title, rule.Severity, status, count, reason) { Rationale = rule.Rationale, Remedy = rule.Remedy, Controls = rule.Controls };
    }
}
