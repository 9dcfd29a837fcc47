using BinAuthz.Approval;

namespace BinAuthz.Tests.Approval.Content;

public sealed class LabelsRuleTests
{
    private const string Rule = "labels:\n  org.opencontainers.image.vendor: [acme, acme-labs]\n  team: payments";

    [Theory]
    [InlineData("acme", "payments", nameof(RuleVerdict.Satisfied), "labels-as-required")]
    [InlineData("acme-labs", "payments", nameof(RuleVerdict.Satisfied), "labels-as-required")]
    [InlineData("acme", "Payments", nameof(RuleVerdict.Violated), "label-not-allowed")]
    [InlineData("acme", "payments ", nameof(RuleVerdict.Violated), "label-not-allowed")]
    [InlineData("acme", "", nameof(RuleVerdict.Violated), "label-not-allowed")]
    [InlineData("acme-evil", "payments", nameof(RuleVerdict.Violated), "label-not-allowed")]
    [InlineData(null, "payments", nameof(RuleVerdict.Violated), "label-missing")]
    [InlineData("acme", null, nameof(RuleVerdict.Violated), "label-missing")]
    [InlineData(null, null, nameof(RuleVerdict.Violated), "label-missing")]
    public void Evaluate_Labels_AreComparedExactly(string? vendor, string? team, string verdict, string code)
    {
        var labels = new[] { ("org.opencontainers.image.vendor", vendor), ("team", team) }.Where(label => label.Item2 is not null).ToDictionary(label => label.Item1, label => label.Item2!);

        var result = ContentSamples.Evaluate(Rule, ContentSamples.Good with { Labels = labels });

        Assert.Equal((verdict, code), (result.Verdict.ToString(), result.Code));
    }

    [Fact]
    public void Evaluate_NameInOtherCase_IsMissing()
    {
        var result = ContentSamples.Evaluate("labels: {team: payments}", ContentSamples.Good with { Labels = new Dictionary<string, string> { ["Team"] = "payments" } });

        Assert.Equal("label-missing", result.Code);
    }

    [Fact]
    public void Evaluate_SeveralFaults_TellsAll()
    {
        var result = ContentSamples.Evaluate(Rule, ContentSamples.Good with { Labels = new Dictionary<string, string> { ["team"] = "search" } });

        Assert.Equal(
            $"linux/amd64 ({ContentSamples.Image.Digest}): it has no label org.opencontainers.image.vendor; its label team is 'search', not 'payments'.", result.Reason);
        Assert.Contains("'acme' or 'acme-labs'", result.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("labels: acme", 6, 11, "rules.labels must be a mapping.")]
    [InlineData("labels: [acme]", 6, 11, "rules.labels must be a mapping.")]
    [InlineData("labels: {}", 6, 11, "rules.labels must not be empty.")]
    [InlineData("labels: {team: []}", 6, 18, "team must not be empty.")]
    [InlineData("labels: {team: 7}", 6, 18, "team must be text and is '7'.")]
    [InlineData("labels: {team: true}", 6, 18, "team must be text and is 'true'.")]
    [InlineData("labels: {team: ''}", 6, 18, "team must be text")]
    [InlineData("labels: {team: {a: b}}", 6, 18, "team must be text.")]
    [InlineData("labels: {team: [a, a]}", 6, 22, "'a' stands twice in team.")]
    [InlineData("labels: {7: a}", 6, 12, "A label's name must be text and is '7'.")]
    [InlineData("labels:\n  team: a\n  team: b", 8, 5, "The label 'team' stands twice in rules.labels.")]
    public void Read_Fault_IsReportedWhereItStands(string rule, int line, int column, string text)
    {
        var error = ContentSamples.Error(rule);

        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains(text, error.Rule, StringComparison.Ordinal);
    }
}
