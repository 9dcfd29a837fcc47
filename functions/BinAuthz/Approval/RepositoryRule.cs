using BinAuthz.Images;

namespace BinAuthz.Approval;

/// <summary>Which repositories an image may come from.</summary>
internal sealed class RepositoryRule(IReadOnlyList<ImagePattern> patterns) : IApprovalRule
{
    public const string RuleName = "repositories";

    public string Name => RuleName;

    public IReadOnlyList<ImagePattern> Patterns => patterns;

    public RuleResult Evaluate(ImageFacts facts, DateTimeOffset now)
    {
        var name = facts.Image.Name;
        var match = patterns.FirstOrDefault(pattern => pattern.Matches(name));
        return match is not null
            ? new RuleResult(Name, RuleVerdict.Satisfied, "repository-allowed", $"{name} matches {match}.", "")
            : new RuleResult(
                Name,
                RuleVerdict.Violated,
                "repository-not-allowed",
                $"{name} matches none of {string.Join(", ", patterns)}.",
                "Push to an allowed repository, or add the repository to rules.repositories of the approval policy.");
    }
}
