using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;

namespace BinAuthz.Tests.Auditing;

/// <summary>One rule over some facts.</summary>
internal static class Judged
{
    public static RuleAssessment By(string id, AuditFacts facts)
    {
        var rule = AuditRules.All.Single(rule => rule.Id == id);
        return rule.Judge(rule, facts);
    }

    /// <summary>What a rule finds when it could read everything.</summary>
    public static IReadOnlyList<AuditFinding> Findings(string id, AuditFacts facts)
    {
        var assessed = Assert.IsType<RuleAssessment.Assessed>(By(id, facts));
        Assert.Equal(assessed.Findings.Count, assessed.Count);
        return assessed.Findings;
    }

    public static AuditFinding Finding(string id, AuditFacts facts) => Assert.Single(Findings(id, facts));
}
