namespace BinAuthz.Approval.Content;

/// <summary>
/// <c>notRoot</c>: the image runs as a user other than root. As for <c>runAsNonRoot</c> of Kubernetes, the user must be
/// a number, because a name may mean root in the image's own <c>/etc/passwd</c>; names that are trusted all the same can be listed.
/// </summary>
/// <param name="names">User names that are trusted not to mean root.</param>
internal sealed class NotRootRule(IReadOnlyList<string> names) : IApprovalRule
{
    public const string RuleName = "notRoot";

    private const string Remedy = "Set USER to a number other than 0 in the Dockerfile, such as USER 65532.";

    public string Name => RuleName;

    public EvidenceNeeds Needs => EvidenceNeeds.Configurations;

    public RuleResult Evaluate(ImageFacts facts, DateTimeOffset now) => ContentVerdict.Of(Name, facts, "not-root", "runs as a user other than root", Find);

    private ContentFault? Find(ImageConfiguration configuration)
    {
        var user = ImageUser.Parse(configuration.User);
        return user.Kind switch
        {
            ImageUserKind.Numeric => null,
            ImageUserKind.Named when names.Contains(user.Name, StringComparer.Ordinal) => null,
            ImageUserKind.Root => new ContentFault("user-is-root", $"it runs as root; its user is '{configuration.User}'", Remedy),
            ImageUserKind.Named => new ContentFault(
                "user-not-numeric",
                $"its user '{configuration.User}' is a name, {(names.Count == 0 ? "which may mean root" : $"and none of {string.Join(", ", names)}")}",
                $"{Remedy} Or list the name in rules.notRoot.names."),
            _ => new ContentFault("user-not-numeric", $"its user '{configuration.User}' is neither a number from 1 to {int.MaxValue} nor a name", Remedy),
        };
    }
}
