using System.Globalization;
using BinAuthz.Auditing.Facts;
using BinAuthz.Auditing.Reports;
using BinAuthz.Checkup;
using BinAuthz.Denials;
using BinAuthz.Policies;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Evaluation = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EvaluationMode;

namespace BinAuthz.Auditing.Readiness;

/// <summary>
/// Decides whether an environment may go from a dry run to enforcing, the last step of Google's migration path (docs:
/// binary-authorization/docs/enabling-dry-run). Pure. What is not known is not met.
/// </summary>
internal static class ReadinessPolicy
{
    /// <summary>How long nothing may have been denied, while the policy asked for attestations.</summary>
    public static readonly TimeSpan WithoutDenials = TimeSpan.FromDays(14);

    /// <summary>How long no function may have failed.</summary>
    public static readonly TimeSpan WithoutFailures = TimeSpan.FromDays(7);

    // Enforcing is what mends their findings: the policy is a dry run, and not yet the one that the environment should have.
    private static readonly string[] MendedByEnforcing = ["BA301", "BA302"];

    private const string Evaluating = "BA305";

    /// <summary>Decides.</summary>
    public static ReadinessVerdict Decide(ReadinessFacts facts)
    {
        var rollback = Rollback(facts);
        return new ReadinessVerdict([Coverage(facts.Report.Coverage), Evaluated(facts), Denials(facts), Failures(facts), rollback, Findings(facts.Report)], rollback.IsMet ? Command(facts.Request) : "");
    }

    private static ReadinessCondition Coverage(ReportedCoverage? coverage)
    {
        ReadinessCondition condition = new("coverage", "Every image is attested", false, "");
        if (coverage is null)
        {
            return condition with { Detail = "It is not known which images are attested: coverage was not assessed." };
        }

        var (all, attested) = (coverage.Stored + coverage.Running, coverage.StoredAttested + coverage.RunningAttested);
        var said = string.Create(CultureInfo.InvariantCulture, $"{coverage.StoredAttested} of {coverage.Stored} stored and {coverage.RunningAttested} of {coverage.Running} running images are attested.");
        return all == 0 ? condition with { Detail = "No image is stored or runs: nothing shows that images are signed." } : condition with { IsMet = attested == all, Detail = said };
    }

    // A policy that nobody asked denies nothing.
    private static ReadinessCondition Evaluated(ReadinessFacts facts)
    {
        ReadinessCondition condition = new("evaluation", "The policy is evaluated", false, "");
        if (facts.Policy is Fact<Authz.Policy>.Unknown unknown)
        {
            return condition with { Detail = $"The policy could not be read: {unknown.Why.Reason} {unknown.Why.Remedy}" };
        }

        if (!Requires(facts.Policy.Or(new Authz.Policy())))
        {
            return condition with { Detail = "The policy does not ask for attestations. Set one that does as a dry run: `binauthz policy render`, then `binauthz policy apply`." };
        }

        return facts.Report.Rules.FirstOrDefault(rule => rule.Id == Evaluating) switch
        {
            { Status: RuleStatus.Passed } => condition with { IsMet = true, Detail = "The policy asks for attestations, and the clusters evaluate it." },
            { Status: RuleStatus.Failed } => condition with { Detail = $"Not every cluster evaluates the policy: see {Evaluating} in the audit." },
            { } rule => condition with { Detail = $"It is not known whether the clusters evaluate the policy: {rule.Reason}" },
            null => condition with { Detail = "It is not known whether the clusters evaluate the policy." },
        };
    }

    private static bool Requires(Authz.Policy policy) =>
        IsGate(policy.DefaultAdmissionRule) && policy.ClusterAdmissionRules.Values.Concat(policy.KubernetesNamespaceAdmissionRules.Values).Concat(policy.KubernetesServiceAccountAdmissionRules.Values).Concat(policy.IstioServiceIdentityAdmissionRules.Values).All(IsGate);

    private static bool IsGate(Authz.AdmissionRule? rule) => rule?.EvaluationMode is Evaluation.RequireAttestation or Evaluation.AlwaysDeny;

    private static ReadinessCondition Denials(ReadinessFacts facts)
    {
        var condition = new ReadinessCondition("denials", $"Nothing was denied for {WithoutDenials.Days} days", false, "");
        var obstacles = facts.Logs.Select(log => log switch { Fact<LoggedEvents>.Unknown unknown => unknown.Why, Fact<LoggedEvents>.Known known => known.Value.Gap, _ => null }).OfType<Obstacle>().ToArray();
        if (obstacles.Length > 0)
        {
            return condition with { Detail = $"It is not known what was denied: {string.Join(" ", obstacles.Select(obstacle => $"{obstacle.Reason} {obstacle.Remedy}").Distinct())}" };
        }

        FindingGroup[] groups = [.. facts.Logs.SelectMany(log => log.Or(new LoggedEvents("", [], null)).Events).Select(each => each.Group)];
        var since = PolicySince(facts.Policy.Or(new Authz.Policy()), groups);
        var denied = groups.Where(group => group.Latest.Kind is FindingKind.Denial or FindingKind.DryRunDenial or FindingKind.CheckFailed or FindingKind.FailOpen).MaxBy(group => group.Latest.Source.Time);
        if (since is not { } from)
        {
            return condition with { Detail = "It is not known since when the policy is as it is, so that having denied nothing proves nothing." };
        }

        var last = denied?.Latest.Source.Time;
        var quiet = last > from ? last.Value : from;
        var ready = quiet + WithoutDenials;
        var said = denied is null || last <= from
            ? $"The policy is as it is since {Rfc3339.Write(from)}, and nothing was denied since."
            : $"{denied.Latest.Image ?? "An image"} {Said(denied.Latest.Kind)} at {Rfc3339.Write(quiet)}, the last time. See `binauthz denials --project {denied.Latest.Source.Project} --since {WithoutDenials.Days}d`.";
        return ready <= facts.Request.Time ? condition with { IsMet = true, Detail = said } : condition with { Detail = said, From = ready };
    }

    private static string Said(FindingKind kind) => kind switch
    {
        FindingKind.Denial => "was denied",
        FindingKind.DryRunDenial => "would have been denied",
        FindingKind.CheckFailed => "could not be checked",
        _ => "was admitted unchecked",
    };

    // A policy that was set yesterday proves nothing: the later of what it says itself and what the audit log tells.
    private static DateTimeOffset? PolicySince(Authz.Policy policy, IEnumerable<FindingGroup> groups)
    {
        var told = policy.UpdateTime?.ToDateTimeOffset();
        var logged = groups.Where(group => group.Latest.Change is { Kind: TrustChangeKind.Policy, Method: "UpdatePolicy" }).Select(group => (DateTimeOffset?)group.Latest.Source.Time).Max();
        return logged > told || told is null ? logged : told;
    }

    private static ReadinessCondition Failures(ReadinessFacts facts)
    {
        var condition = new ReadinessCondition("failures", $"No function failed for {WithoutFailures.Days} days", false, "");
        if (facts.Failures is Fact<LoggedFailures>.Unknown unknown)
        {
            return condition with { Detail = $"It is not known whether signing failed: {unknown.Why.Reason} {unknown.Why.Remedy}" };
        }

        var logged = facts.Failures.Or(new LoggedFailures([], null));
        if (logged.Failures.MaxBy(failure => failure.Time) is { } last && facts.Request.Time - last.Time < WithoutFailures)
        {
            return condition with
            {
                Detail = string.Create(CultureInfo.InvariantCulture, $"{logged.Failures.Count} failures were logged, the last by {(last.Service.Length > 0 ? last.Service : "a function")} at {Rfc3339.Write(last.Time)}: {last.Message}"),
                From = logged.Gap is null ? last.Time + WithoutFailures : null,
            };
        }

        return logged.Gap is { } gap
            ? condition with { Detail = $"It is not known whether signing failed: {gap.Reason} {gap.Remedy}" }
            : condition with { IsMet = true, Detail = "No event was left unread, and none waits for an operator." };
    }

    private static ReadinessCondition Rollback(ReadinessFacts facts)
    {
        var condition = new ReadinessCondition("rollback", "The way back is known", false, "");
        if (facts.Kept is not { } kept)
        {
            return condition with { Detail = $"No report keeps the policy that is live. Make one: `binauthz audit run {facts.Request.Environment} --project {facts.Request.Project}`." };
        }

        if (kept.Report.Policy is not { Length: > 0 } text || facts.Policy is not Fact<Authz.Policy>.Known { Value: var live })
        {
            return condition with { Detail = $"{kept.Link.Name} does not tell the policy, or the policy could not be read." };
        }

        var document = PolicyDocument.Read(text);
        return document.Faults.Count == 0 && PolicyDiff.Compare(live, document.Policy).Count == 0
            ? condition with { IsMet = true, Detail = $"{kept.Link.Name} keeps the policy that is live." }
            : condition with { Detail = $"The policy was changed after {kept.Link.Name}. Keep it in a new report: `binauthz audit run {facts.Request.Environment} --project {facts.Request.Project}`." };
    }

    private static string Command(AuditRequest request) =>
        $"{ShellCommand.Of("binauthz", "audit", "show", "latest", $"--environment={request.Environment}", $"--project={request.Project}", $"--bucket={request.Bucket}", "--format=json")} | jq -r .policy > policy-before.json && {ShellCommand.Of("binauthz", "policy", "apply", "policy-before.json", $"--project={request.Project}", "--allow-loosening", "--yes")}";

    private static ReadinessCondition Findings(AuditReport report)
    {
        var condition = new ReadinessCondition("findings", "The audit finds nothing of high severity or worse", false, "");
        AuditFinding[] bad = [.. report.Findings.Where(finding => finding.Severity >= AuditSeverity.High && !MendedByEnforcing.Contains(finding.Rule))];
        ReportedRule[] unknown = [.. report.Rules.Where(rule => rule.Status == RuleStatus.NotAssessed && rule.Severity >= AuditSeverity.High && !MendedByEnforcing.Contains(rule.Id))];
        if (bad.Length == 0 && unknown.Length == 0)
        {
            return condition with { IsMet = true, Detail = $"None, without {string.Join(" and ", MendedByEnforcing)}, which enforcing mends." };
        }

        string[] said =
        [
            .. bad.GroupBy(finding => finding.Rule).Select(rule => string.Create(CultureInfo.InvariantCulture, $"{rule.Key} ({rule.Count()}): {rule.First().Resource}: {rule.First().Detail}")),
            .. unknown.Select(rule => $"{rule.Id} was not assessed: {rule.Reason}"),
        ];
        return condition with { Detail = string.Join(" ", said) };
    }
}
