namespace BinAuthz.Approval.Repositories;

/// <summary>Which repositories an image may come from. Tags narrow that down, and never widen it.</summary>
internal sealed class RepositoryRule(IReadOnlyList<RepositoryPattern> patterns) : IApprovalRule
{
    public const string RuleName = "repositories";

    public string Name => RuleName;

    /// <summary>The repositories.</summary>
    public IReadOnlyList<RepositoryPattern> Patterns => patterns;

    public EvidenceNeeds Needs => EvidenceNeeds.None;

    public RuleResult Evaluate(ImageFacts facts, DateTimeOffset now)
    {
        var name = facts.Image.Name;
        RepositoryPattern[] named = [.. patterns.Where(pattern => pattern.Image.Matches(name))];
        if (named.Length == 0)
        {
            return new RuleResult(
                Name,
                RuleVerdict.Violated,
                "repository-not-allowed",
                $"{name} matches none of {string.Join(", ", patterns.Select(pattern => pattern.Image))}.",
                "Push to an allowed repository, or add the repository to rules.repositories of the approval policy.");
        }

        if (named.FirstOrDefault(pattern => pattern.AdmitsTags(facts.Tags)) is { } match)
        {
            return new RuleResult(Name, RuleVerdict.Satisfied, "repository-allowed", $"{name} matches {match}.", "");
        }

        // A tag may be added later, and the registry tells of it.
        return new RuleResult(
            Name,
            RuleVerdict.Awaiting,
            "tag-missing",
            $"{name} is allowed with a tag like {string.Join(" or ", named.SelectMany(pattern => pattern.Tags).Distinct())}, and the image has {(facts.Tags is { Count: > 0 } tags ? string.Join(", ", tags) : "none")}.",
            "Give the image such a tag.");
    }
}
