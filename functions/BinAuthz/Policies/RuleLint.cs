using System.Globalization;
using BinAuthz.Attestations;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Enforcement = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EnforcementMode;
using Evaluation = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EvaluationMode;

namespace BinAuthz.Policies;

/// <summary>What is wrong with the admission rules of a policy.</summary>
internal static class RuleLint
{
    /// <summary>What was found.</summary>
    public static IEnumerable<PolicyFinding> Lint(Authz.Policy policy, PolicyLintOptions options)
    {
        var rules = All(policy).ToList();
        var unknown = rules.SelectMany(each => each.Rule.RequireAttestationsBy)
            .Where(text => AttestorName.TryParse(text, out var name) && !options.Attestors.ContainsKey(name)).Distinct().ToList();
        var found = rules.SelectMany(each => Modes(each.Path, each.Rule, options.Production).Concat(Attestors(each.Path, each.Rule, options)));
        return unknown.Count == 0 ? found : found.Append(new PolicyFinding(
            "attestor-not-assessed", FindingSeverity.Note, "$", $"Whether {string.Join(" and ", unknown)} exists and has keys was not assessed.", "Give --project, with the permission binaryauthorization.attestors.get."));
    }

    /// <summary>Every rule with its JSON path, the default one first.</summary>
    public static IEnumerable<(string Path, Authz.AdmissionRule Rule)> All(Authz.Policy policy)
    {
        var specific = RuleMap.All.SelectMany(map => map.Rules(policy).Select(each => (map.Path(each.Key), each.Value)));
        return policy.DefaultAdmissionRule is { } rule ? specific.Prepend(("$.defaultAdmissionRule", rule)) : specific;
    }

    /// <summary>The attestors that the rules of a policy ask, each once; names that are none are left out.</summary>
    public static IEnumerable<AttestorName> Named(Authz.Policy policy) =>
        All(policy).SelectMany(each => each.Rule.RequireAttestationsBy).Select(text => AttestorName.TryParse(text, out var name) ? name : null).OfType<AttestorName>().Distinct();

    private static IEnumerable<PolicyFinding> Modes(string path, Authz.AdmissionRule rule, bool production)
    {
        if (production && rule.EvaluationMode == Evaluation.AlwaysAllow)
        {
            yield return PolicyFinding.Error("always-allow-in-production", $"{path}.evaluationMode", "ALWAYS_ALLOW admits every image, and production enforces.", "Write REQUIRE_ATTESTATION and requireAttestationsBy, or ALWAYS_DENY.");
        }

        if (production && rule.EnforcementMode == Enforcement.DryrunAuditLogOnly)
        {
            yield return PolicyFinding.Error("dry-run-in-production", $"{path}.enforcementMode", "A dry run admits every image and only logs, and production enforces.", "Write ENFORCED_BLOCK_AND_AUDIT_LOG.");
        }

        if (rule.EvaluationMode == Evaluation.RequireAttestation && rule.RequireAttestationsBy.Count == 0)
        {
            yield return PolicyFinding.Error("attestors-missing", $"{path}.requireAttestationsBy", "REQUIRE_ATTESTATION names no attestor.", "Write requireAttestationsBy with projects/PROJECT/attestors/ID.");
        }

        if (rule.EvaluationMode is Evaluation.AlwaysAllow or Evaluation.AlwaysDeny && rule.RequireAttestationsBy.Count > 0)
        {
            var mode = PolicyWords.Of(PolicyWords.Evaluations, rule.EvaluationMode);
            yield return PolicyFinding.Error("attestors-unused", $"{path}.requireAttestationsBy", $"Attestors are named, and the rule is {mode}, which asks none.", "Write evaluationMode: REQUIRE_ATTESTATION, or remove requireAttestationsBy.");
        }
    }

    private static IEnumerable<PolicyFinding> Attestors(string path, Authz.AdmissionRule rule, PolicyLintOptions options) =>
        rule.RequireAttestationsBy.Select((text, index) => Attestor(
            text, string.Create(CultureInfo.InvariantCulture, $"{path}.requireAttestationsBy[{index}]"), rule.RequireAttestationsBy.Take(index).Contains(text), options)).OfType<PolicyFinding>();

    private static PolicyFinding? Attestor(string text, string path, bool isTwice, PolicyLintOptions options)
    {
        if (isTwice)
        {
            return PolicyFinding.Warning("attestor-twice", path, $"{text} stands twice in the rule.", "Remove one of them.");
        }

        if (!AttestorName.TryParse(text, out var name))
        {
            return PolicyFinding.Error("attestor-name-malformed", path, $"'{text}' is no attestor.", "Write projects/PROJECT/attestors/ID.");
        }

        if (!options.Attestors.TryGetValue(name, out var attestor))
        {
            return null;
        }

        return attestor is null ? PolicyFinding.Error("attestor-not-found", path, $"There is no attestor {name}.", $"Correct the name, or make it: `binauthz setup {name.Project} ENVIRONMENT`.")
            : attestor.Keys.Count == 0 ? PolicyFinding.Error("attestor-without-keys", path, $"{name} has no public key, so no attestation of it ever verifies.", "Add one: `binauthz setup` does, or `gcloud container binauthz attestors public-keys add`.")
            : null;
    }
}
