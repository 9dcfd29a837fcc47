using System.Globalization;
using System.Text.RegularExpressions;
using BinAuthz.Attestations;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Images;
using BinAuthz.Policies;
using BinAuthz.Setup;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Auditing.Rules;

/// <summary>The rules about the policy and what evaluates it. Of development nothing is expected: it is open.</summary>
internal static partial class PolicyRules
{
    private const string Enforce = "PROJECT_SINGLETON_POLICY_ENFORCE";
    private static readonly AuditControl[] Gate = [AuditControl.ChangeManagement, AuditControl.Boundary, AuditControl.SignedComponents, AuditControl.SlsaVerification, AuditControl.HipaaIntegrity];
    private static readonly AuditControl[] Settings = [AuditControl.ChangeManagement, AuditControl.ConfigurationSettings, AuditControl.SlsaVerification];

    public static IReadOnlyList<AuditRule> All { get; } =
    [
        new(
            "BA301",
            "The policy differs from the environment's",
            AuditSeverity.High,
            "What the policy admits beyond the environment's own was not decided with it. What it admits less is told as low.",
            "Compare and set it: `binauthz policy render`, `binauthz policy diff`, `binauthz policy apply`. What is meant to be allowed belongs into BinAuthz:Audit:Allowed.",
            Settings,
            Differs),
        new(
            "BA302",
            "Production is a dry run or admits everything",
            AuditSeverity.Critical,
            "Every image runs, attested or not.",
            "Set the policy of production: `binauthz policy render production`, `binauthz policy apply`.",
            Gate,
            (rule, facts) => facts.Request.Environment == DeploymentEnvironment.Production ? Linted(rule, facts, "always-allow-in-production", "dry-run-in-production") : Nothing),
        new(
            "BA303",
            "A pattern of the allow list is broad",
            AuditSeverity.High,
            "Whoever can push an image that matches runs it without any attestation.",
            "Name the images or the repository that is meant, and end patterns on a slash: REGISTRY/PROJECT/REPOSITORY/**.",
            Gate,
            (rule, facts) => IsOpen(facts) ? Nothing : Linted(rule, facts, "pattern-every-registry", "pattern-whole-registry", "pattern-no-path-boundary", "pattern-invalid")),
        new(
            "BA304",
            "A rule asks an attestor that does not exist",
            AuditSeverity.High,
            "The rule denies every image, and whoever can make an attestor of that name decides what runs.",
            "Correct the name, or make the attestor: `binauthz setup`.",
            Settings,
            MissingAttestor),
        new(
            "BA305",
            "A cluster does not evaluate the policy",
            AuditSeverity.Critical,
            "Whatever the policy says, every image runs in that cluster.",
            $"`gcloud container clusters update NAME --location=LOCATION --binauthz-evaluation-mode={Enforce}`",
            Gate,
            NotEvaluating),
        new(
            "BA306",
            "Google's system policy is not evaluated",
            AuditSeverity.Medium,
            "GKE's own images then fall under the rules, and whoever has to keep a cluster alive adds broad patterns or breaks the glass.",
            "Set globalPolicyEvaluationMode: ENABLE in the policy.",
            Settings,
            (rule, facts) => IsOpen(facts) ? Nothing : Linted(rule, facts, "global-evaluation-off")),
    ];

    private static RuleAssessment Nothing => new RuleAssessment.Assessed([]);

    /// <summary>BA301.</summary>
    public static RuleAssessment Differs(AuditRule rule, AuditFacts facts)
    {
        if (IsOpen(facts))
        {
            return Nothing;
        }

        var request = facts.Request;
        var stance = request.Environment == DeploymentEnvironment.Production ? EnvironmentStance.Enforced : EnvironmentStance.DryRun;
        var template = new EnvironmentPolicyTemplate(request.Project, stance, [.. request.Subjects.Select(subject => subject.Attestor)])
        {
            Clusters = [.. request.Options.Clusters],
            Allowed = [.. request.Options.Allowed.Select(ImagePattern.Parse)],
        };
        return Judge(facts, (project, policy) =>
        {
            var expected = template.Render();
            if (request.Options.Clusters.Count > 0)
            {
                // What holds for other clusters is not this environment's.
                expected.DefaultAdmissionRule = policy.DefaultAdmissionRule?.Clone();
            }

            return PolicyDiff.Compare(expected, policy).Where(change => change.Effect != PolicyEffect.Neutral).Select(change =>
                rule.Finding(Resource(project, change.Path, change.Item), $"Beside the policy that {request.Environment} should have: {change.Words}.") with
                {
                    Severity = change.Loosens ? rule.Severity : AuditSeverity.Low,
                });
        });
    }

    /// <summary>BA304.</summary>
    public static RuleAssessment MissingAttestor(AuditRule rule, AuditFacts facts) => RuleAssessment.All(
    [
        Linted(rule, facts, "attestor-not-found", "attestor-name-malformed"),
        RuleAssessment.Of(facts.Policy.Attestors.Values, _ => []),
    ]);

    /// <summary>BA305.</summary>
    public static RuleAssessment NotEvaluating(AuditRule rule, AuditFacts facts) => IsOpen(facts) ? Nothing : RuleAssessment.All(
        facts.Policy.Admissions(facts.Request).Select(admission => RuleAssessment.Of(
            admission.Clusters, clusters => Governed(facts.Request, clusters).Select(cluster => NotEvaluating(rule, facts.Request, admission.Project, cluster.Key, cluster.Value)).OfType<AuditFinding>())));

    private static AuditFinding? NotEvaluating(AuditRule rule, AuditRequest request, string project, string cluster, string? mode)
    {
        var dot = cluster.IndexOf('.', StringComparison.Ordinal);
        var (location, name) = dot < 0 ? ("-", cluster) : (cluster[..dot], cluster[(dot + 1)..]);
        var resource = $"projects/{project}/locations/{location}/clusters/{name}";
        if (mode is null)
        {
            return rule.Finding(resource, $"There is no cluster {name} in {location}, and it is said to be governed: if the name is wrong, the cluster that is meant falls under other rules.") with
            {
                Severity = AuditSeverity.Low,
                Remedy = $"Correct the name in the policy or in BinAuthz:Audit:Clusters: `gcloud container clusters list --project={project}`.",
            };
        }

        return mode is Enforce or $"POLICY_BINDINGS_AND_{Enforce}" ? null : rule.Finding(resource, $"Its evaluation mode is {mode}: the project's policy is not asked there, and every image runs.") with
        {
            Severity = request.Environment == DeploymentEnvironment.Production ? rule.Severity : AuditSeverity.Medium,
            Remedy = $"`gcloud container clusters update {name} --location={location} --project={project} --binauthz-evaluation-mode={Enforce}`",
        };
    }

    private static IEnumerable<KeyValuePair<string, string?>> Governed(AuditRequest request, IReadOnlyDictionary<string, string?> clusters) => request.Options.Clusters.Count == 0
        ? clusters.OrderBy(each => each.Key, StringComparer.Ordinal)
        : request.Options.Clusters.Distinct(StringComparer.Ordinal).Select(cluster => KeyValuePair.Create(cluster, clusters.GetValueOrDefault(cluster)));

    private static RuleAssessment Linted(AuditRule rule, AuditFacts facts, params string[] ids)
    {
        var known = facts.Policy.Attestors.Where(each => each.Value is Fact<Attestor?>.Known).ToDictionary(each => each.Key, each => each.Value.Or(null));
        return Judge(facts, (project, policy) =>
        {
            var options = new PolicyLintOptions(facts.Request.Environment == DeploymentEnvironment.Production, project) { Attestors = known };
            return PolicyLinter.Lint(new PolicyDocument(policy), options).Where(found => ids.Contains(found.Id))
                .Select(found => (Found: found, Place: PlaceOf(policy, found.Path)))
                .DistinctBy(each => each.Place)
                .Select(each => rule.Finding(Resource(project, each.Place.Path, each.Place.Item), each.Found.Reason) with
                {
                    // The linter errs where the environment breaks, and warns where it may be meant.
                    Severity = each.Found.Severity == FindingSeverity.Error || rule.Severity < AuditSeverity.High ? rule.Severity : AuditSeverity.Medium,
                    Remedy = each.Found.Remedy,
                });
        });
    }

    private static RuleAssessment Judge(AuditFacts facts, Func<string, Authz.Policy, IEnumerable<AuditFinding>> judge) => RuleAssessment.All(
        facts.Policy.Admissions(facts.Request).Select(admission => RuleAssessment.Of(admission.Policy, policy => judge(admission.Project, OfEnvironment(policy, facts.Request)))));

    // Where a project has clusters of several environments, the rules of the others are theirs.
    private static Authz.Policy OfEnvironment(Authz.Policy policy, AuditRequest request)
    {
        if (request.Options.Clusters.Count == 0)
        {
            return policy;
        }

        var own = policy.Clone();
        foreach (var other in policy.ClusterAdmissionRules.Keys.Except(request.Options.Clusters, StringComparer.Ordinal))
        {
            own.ClusterAdmissionRules.Remove(other);
        }

        if (request.Options.Clusters.All(own.ClusterAdmissionRules.ContainsKey))
        {
            own.DefaultAdmissionRule = null;
        }

        return own;
    }

    // By what stands there, not by its number: that changes when something before it is removed.
    private static (string Path, string? Item) PlaceOf(Authz.Policy policy, string path)
    {
        var match = Index().Match(path);
        if (!match.Success)
        {
            return (path, null);
        }

        var (list, index) = (match.Groups[1].Value, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        return (list, list == "$.admissionWhitelistPatterns"
            ? policy.AdmissionWhitelistPatterns[index].NamePattern
            : RuleLint.All(policy).First(each => $"{each.Path}.requireAttestationsBy" == list).Rule.RequireAttestationsBy[index]);
    }

    private static string Resource(string project, string path, string? item) => $"projects/{project}/policy#{path}{(item is null ? "" : $"['{item}']")}";

    private static bool IsOpen(AuditFacts facts) => facts.Request.Environment == DeploymentEnvironment.Development;

    [GeneratedRegex(@"\A(.*\.(?:admissionWhitelistPatterns|requireAttestationsBy))\[([0-9]+)\](?:\.namePattern)?\z")]
    private static partial Regex Index();
}
