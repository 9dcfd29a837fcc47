using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Approval;

/// <summary>What one attestor demands of an image.</summary>
/// <param name="Attestor">Who vouches.</param>
/// <param name="Key">The signing key; null: the environment's.</param>
/// <param name="Mode">Whether approval leads to an attestation.</param>
/// <param name="Deadline">How long after its upload an image may wait for evidence; null: for ever.</param>
/// <param name="Rules">All of them must be satisfied.</param>
internal sealed record AttestorPolicy(AttestorName Attestor, KeyName? Key, ApprovalMode Mode, TimeSpan? Deadline, IReadOnlyList<IApprovalRule> Rules)
{
    /// <summary>The rule that a passed deadline counts as.</summary>
    public const string DeadlineRule = "deadline";

    /// <summary>What has to be read about an image before this attestor can decide.</summary>
    public EvidenceNeeds Needs => AllRules.Aggregate(EvidenceNeeds.None, (needs, rule) => needs | rule.Needs);

    /// <summary>The rules and the parts of <c>all</c> and <c>any</c>, at every depth.</summary>
    public IEnumerable<IApprovalRule> AllRules => Rules.SelectMany(Unfold);

    /// <summary>Weighs an image: violated before awaited before satisfied.</summary>
    public ApprovalDecision Evaluate(ImageFacts facts, DateTimeOffset now)
    {
        RuleResult[] results = [.. Rules.Select(rule => rule.Evaluate(facts, now))];
        return results.Max(result => result.Verdict) switch
        {
            RuleVerdict.Satisfied => new ApprovalDecision.Approved(results),
            RuleVerdict.Awaiting when Overdue(facts, now) is { } overdue => new ApprovalDecision.Rejected([.. results, overdue]),
            RuleVerdict.Awaiting => new ApprovalDecision.NotReady(results),
            _ => new ApprovalDecision.Rejected(results),
        };
    }

    /// <summary>What is refused whatever evidence may come: the decision on a name alone, when it is a rejection.</summary>
    public ApprovalDecision.Rejected? RefuseByName(ImageReference image, DateTimeOffset now) =>
        Evaluate(ImageFacts.ByName(image), now) as ApprovalDecision.Rejected;

    private RuleResult? Overdue(ImageFacts facts, DateTimeOffset now) =>
        Deadline is { } deadline && facts.Uploaded is { } uploaded && now - uploaded > deadline
            ? new RuleResult(
                DeadlineRule,
                RuleVerdict.Violated,
                "deadline-passed",
                $"The image was uploaded {uploaded:u} and what is awaited did not come within {deadline}.",
                "Find out why the evidence is missing, then build and push the image again.")
            : null;

    private static IEnumerable<IApprovalRule> Unfold(IApprovalRule rule) =>
        rule is CompositeRule composite ? [rule, .. composite.Parts.SelectMany(Unfold)] : [rule];
}
