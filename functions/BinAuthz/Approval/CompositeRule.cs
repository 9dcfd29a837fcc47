namespace BinAuthz.Approval;

/// <summary><c>all</c> of several groups of rules, or <c>any</c> of them.</summary>
/// <param name="name"><c>all</c> or <c>any</c>.</param>
/// <param name="parts">At least one; a group of several rules is itself an <c>all</c>.</param>
internal sealed class CompositeRule(string name, IReadOnlyList<IApprovalRule> parts) : IApprovalRule
{
    public const string All = "all";
    public const string Any = "any";

    public string Name => name;

    public IReadOnlyList<IApprovalRule> Parts => parts;

    public EvidenceNeeds Needs => parts.Aggregate(EvidenceNeeds.None, (needs, part) => needs | part.Needs);

    public RuleResult Evaluate(ImageFacts facts, DateTimeOffset now)
    {
        RuleResult[] results = [.. parts.Select(part => part.Evaluate(facts, now))];

        // The verdicts are ordered from good to bad: all is as bad as its worst part, any as good as its best.
        var deciding = name == All ? results.MaxBy(result => result.Verdict)! : results.MinBy(result => result.Verdict)!;
        RuleResult[] told = deciding.Verdict == RuleVerdict.Satisfied
            ? [.. results.Where(result => result.Verdict == RuleVerdict.Satisfied)]
            : [.. results.Where(result => result.Verdict != RuleVerdict.Satisfied)];
        return new RuleResult(
            name,
            deciding.Verdict,
            deciding.Verdict == RuleVerdict.Satisfied ? $"{name}-satisfied" : deciding.Code,
            string.Join(" ", told.Select(result => result.Reason)),
            string.Join(name == All ? " " : " Or: ", told.Select(result => result.Remedy).Where(remedy => remedy.Length > 0).Distinct()))
        {
            Parts = results,
            Evidence = [.. told.SelectMany(result => result.Evidence).Distinct()],
            Warnings = [.. told.SelectMany(result => result.Warnings)],
        };
    }
}
