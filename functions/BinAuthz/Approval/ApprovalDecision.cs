namespace BinAuthz.Approval;

/// <summary>What the policy as a whole says, with every rule's result.</summary>
internal abstract record ApprovalDecision
{
    private ApprovalDecision(IReadOnlyList<RuleResult> results) => Results = results;

    /// <summary>Every rule's result, in the policy's order.</summary>
    public IReadOnlyList<RuleResult> Results { get; }

    /// <summary>Every rule is satisfied.</summary>
    internal sealed record Approved(IReadOnlyList<RuleResult> Results) : ApprovalDecision(Results);

    /// <summary>At least one rule is violated.</summary>
    internal sealed record Rejected(IReadOnlyList<RuleResult> Results) : ApprovalDecision(Results);

    /// <summary>No rule is violated, but something awaited is missing.</summary>
    internal sealed record NotReady(IReadOnlyList<RuleResult> Results) : ApprovalDecision(Results);
}
