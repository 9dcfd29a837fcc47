namespace BinAuthz.Approval;

/// <summary>What one rule says about one image, for programs (<see cref="Code"/>) and people.</summary>
/// <param name="Rule">The rule's name in the policy, such as <c>repositories</c>.</param>
/// <param name="Verdict">Satisfied, awaiting or violated.</param>
/// <param name="Code">A stable word, such as <c>repository-not-allowed</c>.</param>
/// <param name="Reason">One sentence with the values that were compared.</param>
/// <param name="Remedy">What to do about it; empty when satisfied.</param>
internal sealed record RuleResult(string Rule, RuleVerdict Verdict, string Code, string Reason, string Remedy)
{
    /// <summary>What the verdict rests on.</summary>
    public IReadOnlyList<EvidenceReference> Evidence { get; init; } = [];

    /// <summary>What does not decide yet and soon will, such as an exception that is about to expire.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The results below <c>all</c> and <c>any</c>.</summary>
    public IReadOnlyList<RuleResult> Parts { get; init; } = [];
}
