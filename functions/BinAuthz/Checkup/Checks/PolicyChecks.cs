using BinAuthz.Admission;
using BinAuthz.Attestations;
using BinAuthz.Checkup.Facts;
using BinAuthz.Policies;
using BinAuthz.Setup;

namespace BinAuthz.Checkup.Checks;

/// <summary>
/// The project's policy: whether it is what its environment asks for, and whether it asks for the environment's attestors.
/// What the linter calls an error fails here: modes, patterns and rule maps that do something else than was meant (often got wrong:
/// enforcement modes, bare <c>*</c>, <c>*</c> that does not cross <c>/</c>).
/// </summary>
internal static class PolicyChecks
{
    private const string Policy = "policy";

    /// <summary>What was found.</summary>
    public static IEnumerable<CheckResult> Judge(CheckupRequest request, PolicyFacts facts)
    {
        var resource = $"projects/{request.Project}/policy";
        return facts.Policy.Judge(Policy, resource, policy => Judge(request, facts, resource, policy));
    }

    private static List<CheckResult> Judge(CheckupRequest request, PolicyFacts facts, string resource, Google.Cloud.BinaryAuthorization.V1.Policy document)
    {
        var results = new List<CheckResult>(Lint(request, facts, resource, document));
        results.AddRange(facts.Attestors.SelectMany(each => each.Value.Judge("policy-attestor", each.Key, _ => [])));
        AdmissionPolicy policy;
        try
        {
            policy = AdmissionPolicyReader.Read(document, resource);
        }
        catch (ConfigurationException error)
        {
            results.Add(CheckResult.Failed(Policy, resource, $"It cannot be evaluated: {error.Message}", Render(request)));
            return results;
        }

        AdmissionRule[] rules = [.. Rules(policy, request.Cluster)];
        if (results.Count == 0)
        {
            results.Add(CheckResult.Ok(Policy, resource, string.Join("; ", rules.Select(Describe)) + (policy.UsesSystemPolicy ? "; Google's system policy is asked first" : "")));
        }

        results.AddRange(rules.Select(rule => Stance(request, resource, rule)).OfType<CheckResult>());
        results.AddRange(request.Attestors.Select(attestor => InRule(request, resource, rules, attestor.Name)));
        return results;
    }

    private static IEnumerable<CheckResult> Lint(CheckupRequest request, PolicyFacts facts, string resource, Google.Cloud.BinaryAuthorization.V1.Policy document)
    {
        var options = new PolicyLintOptions(request.Environment == DeploymentEnvironment.Production, request.Project)
        {
            Attestors = facts.Attestors.Where(each => each.Value is Fact<Attestor?>.Known).ToDictionary(each => each.Key, each => each.Value.Or(null)),
        };
        return PolicyLinter.Lint(new PolicyDocument(document), options)
            .Where(finding => finding.Severity != FindingSeverity.Note)
            .Select(finding => new CheckResult(
                $"{Policy}-{finding.Id}",
                resource,
                finding.Severity == FindingSeverity.Error ? CheckStatus.Failed : CheckStatus.Warning,
                $"{finding.Path}: {finding.Reason}",
                $"{finding.Remedy} Save the policy with `gcloud container binauthz policy export --project={request.Project} > policy.yaml`, and set it with {Apply(request)}."));
    }

    // The rules that can apply: of one cluster, or all.
    private static IEnumerable<AdmissionRule> Rules(AdmissionPolicy policy, string? cluster)
    {
        AdmissionRule[] specific = [.. policy.Specific.Where(rule => cluster is null || rule.Basis.Kind != AdmissionRuleKind.Cluster || rule.Basis.Key == cluster)];
        var isReplaced = cluster is not null && specific.Any(rule => rule.Basis.Kind == AdmissionRuleKind.Cluster);
        return isReplaced ? specific : specific.Prepend(policy.Default);
    }

    // Of production the linter tells.
    private static CheckResult? Stance(CheckupRequest request, string resource, AdmissionRule rule)
    {
        const string Check = "policy-stance";
        if (request.Environment == DeploymentEnvironment.Development)
        {
            return rule.Evaluation == AdmissionEvaluation.AlwaysAllow || rule.IsDryRun ? null
                : CheckResult.Warning(Check, resource, $"{Describe(rule)}, and development is open.", Render(request));
        }

        return request.Environment != DeploymentEnvironment.Staging ? null
            : rule.Evaluation == AdmissionEvaluation.AlwaysAllow ? CheckResult.Warning(Check, resource, $"{Describe(rule)}: nothing is logged of images that production would block, and staging is a dry run.", Render(request))
            : !rule.IsDryRun ? CheckResult.Warning(Check, resource, $"{Describe(rule)}, and staging is a dry run.", Render(request))
            : null;
    }

    private static CheckResult InRule(CheckupRequest request, string resource, AdmissionRule[] rules, AttestorName attestor)
    {
        const string Check = "attestor-in-rule";
        if (Array.Find(rules, rule => rule.Attestors.Contains(attestor)) is { } asking)
        {
            return CheckResult.Ok(Check, resource, $"{asking.Basis} asks for {attestor}");
        }

        return request.Environment == DeploymentEnvironment.Development
            ? CheckResult.Ok(Check, resource, $"no rule asks for {attestor}: development is open")
            : CheckResult.Failed(Check, resource, $"No rule{(request.Cluster is { } cluster ? $" for {cluster}" : "")} asks for {attestor}, so its attestations decide nothing.", Render(request));
    }

    private static string Describe(AdmissionRule rule)
    {
        var verdict = rule.Evaluation switch
        {
            AdmissionEvaluation.AlwaysAllow => "admits everything",
            AdmissionEvaluation.RequireAttestation => $"asks for {string.Join(" and ", rule.Attestors)}",
            _ => "denies everything",
        };
        return $"{rule.Basis} {verdict}{(rule.Evaluation == AdmissionEvaluation.AlwaysAllow ? "" : rule.IsDryRun ? ", as a dry run" : ", enforced")}";
    }

    /// <summary>How to get the policy that the environment should have.</summary>
    internal static string Render(CheckupRequest request)
    {
        var attestors = string.Concat(request.Attestors.Select(attestor => $" --attestor {attestor.Name}"));
        var cluster = request.Cluster is { } name ? $" --cluster {name} --default deny" : "";
        return $"See what the environment should have with `binauthz policy render {request.Environment} --project {request.Project}{attestors}{cluster} > policy.yaml`, keep what else the policy says, and set it with {Apply(request)}.";
    }

    private static string Apply(CheckupRequest request) => $"`binauthz policy apply policy.yaml --project {request.Project} --environment {request.Environment} --yes`";
}
