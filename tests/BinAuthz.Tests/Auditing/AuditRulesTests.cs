using BinAuthz.Auditing;

namespace BinAuthz.Tests.Auditing;

/// <summary>What holds for every rule.</summary>
public sealed class AuditRulesTests
{
    [Fact]
    public void Judge_CleanEnvironment_IsAssessedAndFindsNothing() => Assert.All(AuditRules.All, rule =>
    {
        var assessed = Assert.IsType<RuleAssessment.Assessed>(rule.Judge(rule, CleanFacts.Facts));
        Assert.Empty(assessed.Findings);
        Assert.Equal(0, assessed.Count);
    });

    [Fact]
    public void All_Ids_AreUniqueAndInOrder()
    {
        string[] ids = [.. AuditRules.All.Select(rule => rule.Id)];

        Assert.All(ids, id => Assert.Matches(@"\ABA[1-6][0-9]{2}\z", id));
        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public void All_Rules_SayWhyItMattersWhatMendsItAndForWhichControl() => Assert.All(AuditRules.All, rule =>
    {
        Assert.NotEmpty(rule.Title);
        Assert.NotEmpty(rule.Rationale);
        Assert.NotEmpty(rule.Remedy);
        Assert.NotEmpty(rule.Controls);
    });
}
