using System.Globalization;

namespace BinAuthz.Approval.Pushes;

/// <summary>
/// Who may push, as audit logs tell. The entry of a push by tag does not name the digest, so besides the entries that do,
/// every push to the image's name around the upload counts: a digest comes with its first push, and whoever pushed to the
/// name at that moment may have brought it. All of them must be allowed. A tag that the digest was given later proves nothing.
/// </summary>
/// <remarks>
/// The rule knows the entries that have arrived. A push by tag is therefore judged as well as the audit log is complete
/// for that minute; a push by digest is named by its own entry.
/// </remarks>
internal sealed class PushedByRule(IReadOnlyList<PrincipalPattern> allowed) : IApprovalRule
{
    public const string RuleName = "pushedBy";

    /// <summary>How far from the upload a push may be to have brought the image: the entry has the time of the request, the registry that of its end.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    public string Name => RuleName;

    public EvidenceNeeds Needs => EvidenceNeeds.Pushes;

    public RuleResult Evaluate(ImageFacts facts, DateTimeOffset now)
    {
        PushRecord[] considered = [.. facts.Pushes.Where(push => IsConsidered(push, facts)).OrderBy(push => push.Time).ThenBy(push => push.Entry, StringComparer.Ordinal)];
        IReadOnlyList<EvidenceReference> evidence = [.. considered.Select(push => new EvidenceReference(push.Entry, push.Digest))];
        PushRecord[] refused = [.. considered.Where(push => !allowed.Any(pattern => pattern.Matches(push.Principal)))];
        if (refused.Length > 0)
        {
            return new RuleResult(
                Name,
                RuleVerdict.Violated,
                "pusher-not-allowed",
                $"{string.Join(" ", refused.Select(Describe))} Allowed is {string.Join(" or ", allowed)}.",
                $"Let an allowed principal build and push the image, or add the principal to {RuleName}.")
            {
                Evidence = evidence,
            };
        }

        return considered.Length == 0
            ? new RuleResult(Name, RuleVerdict.Awaiting, "push-unknown", Unknown(facts), "The audit entry comes after the push and triggers another look, if DATA_WRITE audit logs of artifactregistry.googleapis.com are on in the image's project; they are off by default.")
            : new RuleResult(Name, RuleVerdict.Satisfied, "pusher-allowed", string.Join(" ", considered.Select(Describe)), "") { Evidence = evidence };
    }

    private static bool IsConsidered(PushRecord push, ImageFacts facts) =>
        push.Names(facts.Image) || (push.IsOf(facts.Image) && facts.Uploaded is { } uploaded && (push.Time - uploaded).Duration() <= Window);

    private static string Describe(PushRecord push) =>
        string.Create(CultureInfo.InvariantCulture, $"{(push.Principal.Length == 0 ? "An unnamed principal" : push.Principal)} pushed {push.Reference} to {push.Image} at {push.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'} ({push.Entry}).");

    private static string Unknown(ImageFacts facts) => facts.Uploaded is { } uploaded
        ? string.Create(CultureInfo.InvariantCulture, $"No audit entry tells who pushed {facts.Image}; awaited is one that names the digest, or a push to the name within {Window.TotalSeconds} s of the upload at {uploaded.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}.")
        : $"No audit entry names {facts.Image}, and it is not known when it was uploaded.";
}
