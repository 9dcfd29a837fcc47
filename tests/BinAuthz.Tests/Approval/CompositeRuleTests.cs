using BinAuthz.Approval;
using BinAuthz.Tests.Approval.Provenance;

namespace BinAuthz.Tests.Approval;

public sealed class CompositeRuleTests
{
    private const string Satisfied = nameof(RuleVerdict.Satisfied);
    private const string Awaiting = nameof(RuleVerdict.Awaiting);
    private const string Violated = nameof(RuleVerdict.Violated);

    [Theory]
    [InlineData("all", Satisfied, Satisfied, Satisfied)]
    [InlineData("all", Awaiting, Satisfied, Awaiting)]
    [InlineData("all", Violated, Satisfied, Violated)]
    [InlineData("all", Violated, Awaiting, Violated)]
    [InlineData("any", Satisfied, Satisfied, Violated)]
    [InlineData("any", Satisfied, Awaiting, Satisfied)]
    [InlineData("any", Awaiting, Awaiting, Violated)]
    [InlineData("any", Violated, Violated, Violated)]
    public void Evaluate_TwoParts_DecidesAndTellsWhatDecided(string name, string expected, string first, string second)
    {
        var rule = new CompositeRule(name, [new Fixed("first", Enum.Parse<RuleVerdict>(first)), new Fixed("second", Enum.Parse<RuleVerdict>(second))]);

        var result = rule.Evaluate(ProvenanceSamples.Facts(), DateTimeOffset.UnixEpoch);

        Assert.Equal(Enum.Parse<RuleVerdict>(expected), result.Verdict);
        Assert.Equal(["first", "second"], result.Parts.Select(part => part.Rule));
        Assert.Equal(first == expected || expected != Satisfied && first != Satisfied, result.Reason.Contains("first reason", StringComparison.Ordinal));
        Assert.Equal(expected != Satisfied, result.Remedy.Length > 0);
        Assert.NotEmpty(result.Code);
    }

    [Fact]
    public void Needs_NestedParts_AreAllNeeded()
    {
        var rule = new CompositeRule("any", [new Fixed("a", RuleVerdict.Satisfied, EvidenceNeeds.Scans), new CompositeRule("all", [new Fixed("b", RuleVerdict.Satisfied, EvidenceNeeds.Pushes)])]);

        Assert.Equal(EvidenceNeeds.Scans | EvidenceNeeds.Pushes, rule.Needs);
    }

    private sealed class Fixed(string name, RuleVerdict verdict, EvidenceNeeds needs = EvidenceNeeds.None) : IApprovalRule
    {
        public string Name => name;

        public EvidenceNeeds Needs => needs;

        public RuleResult Evaluate(ImageFacts facts, DateTimeOffset now) =>
            new(name, verdict, $"{name}-code", $"{name} reason.", verdict == RuleVerdict.Satisfied ? "" : $"{name} remedy.");
    }
}
