using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;
using Google.Cloud.BinaryAuthorization.V1;
using EvaluationMode = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EvaluationMode;
using Rules = Google.Protobuf.Collections.MapField<string, Google.Cloud.BinaryAuthorization.V1.AdmissionRule>;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>What Binary Authorization accepts as the policy of a project.</summary>
internal static partial class PolicyRules
{
    private const int MaxAttestorReferences = 200;

    /// <summary>Refuses a policy with the first thing that is wrong in it.</summary>
    /// <param name="policy">The whole policy.</param>
    /// <param name="exists">Whether there is an attestor of a name.</param>
    public static void Check(Policy policy, Predicate<string> exists)
    {
        CheckMaps(policy);
        foreach (var pattern in policy.AdmissionWhitelistPatterns.Select(pattern => pattern.NamePattern))
        {
            if (!ImagePatterns.IsValid(pattern))
            {
                throw Errors.Invalid($"admission_whitelist_patterns: '{pattern}' is not a valid pattern. It must have the form registry/path; a wildcard, * or **, may only stand at its end and after registry/.");
            }
        }

        CheckRule("default_admission_rule", policy.DefaultAdmissionRule, exists);
        foreach (var (map, form, rules) in Maps(policy))
        {
            foreach (var (key, rule) in rules)
            {
                if (!form.IsMatch(key))
                {
                    throw Errors.Invalid($"{map}: the key '{key}' does not have the form that the map asks for.");
                }

                CheckRule($"{map}['{key}']", rule, exists);
            }
        }

        if (AllRules(policy).Sum(rule => rule.RequireAttestationsBy.Count) > MaxAttestorReferences)
        {
            throw Errors.Invalid($"A policy may refer to attestors {MaxAttestorReferences} times.");
        }
    }

    private static void CheckMaps(Policy policy)
    {
        var used = Maps(policy).Where(map => map.Rules.Count > 0).Select(map => map.Name).ToArray();
        if (used.Length > 1)
        {
            throw Errors.Invalid($"A policy may use only one kind of specific rules; this one has {string.Join(" and ", used)}.");
        }
    }

    private static void CheckRule(string where, AdmissionRule? rule, Predicate<string> exists)
    {
        if (rule is null)
        {
            throw Errors.Invalid($"{where} must be given.");
        }

        if (rule.EvaluationMode == EvaluationMode.Unspecified || !Enum.IsDefined(rule.EvaluationMode))
        {
            throw Errors.Invalid($"{where}.evaluation_mode must be ALWAYS_ALLOW, REQUIRE_ATTESTATION or ALWAYS_DENY.");
        }

        if (rule.EnforcementMode == AdmissionRule.Types.EnforcementMode.Unspecified || !Enum.IsDefined(rule.EnforcementMode))
        {
            throw Errors.Invalid($"{where}.enforcement_mode must be ENFORCED_BLOCK_AND_AUDIT_LOG or DRYRUN_AUDIT_LOG_ONLY.");
        }

        if (rule.EvaluationMode == EvaluationMode.RequireAttestation != rule.RequireAttestationsBy.Count > 0)
        {
            throw Errors.Invalid($"{where}.require_attestations_by must name attestors if, and only if, evaluation_mode is REQUIRE_ATTESTATION.");
        }

        foreach (var attestor in rule.RequireAttestationsBy)
        {
            if (!exists(AttestorRules.Name(attestor)))
            {
                throw Errors.Invalid($"{where}.require_attestations_by: there is no attestor {attestor}.");
            }
        }
    }

    private static IEnumerable<AdmissionRule> AllRules(Policy policy) => Maps(policy).SelectMany(map => map.Rules.Values).Append(policy.DefaultAdmissionRule);

    private static (string Name, Regex Form, Rules Rules)[] Maps(Policy policy) =>
    [
        ("cluster_admission_rules", Cluster(), policy.ClusterAdmissionRules),
        ("kubernetes_namespace_admission_rules", Namespace(), policy.KubernetesNamespaceAdmissionRules),
        ("kubernetes_service_account_admission_rules", ServiceAccount(), policy.KubernetesServiceAccountAdmissionRules),
        ("istio_service_identity_admission_rules", Istio(), policy.IstioServiceIdentityAdmissionRules),
    ];

    [GeneratedRegex(@"^[a-z0-9-]+\.[^.\s]+\z")]
    private static partial Regex Cluster();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?:[a-z0-9]([a-z0-9.-]*[a-z0-9])?\z")]
    private static partial Regex ServiceAccount();

    [GeneratedRegex(@"^(spiffe://)?[^/\s]+/ns/[^/\s]+/sa/[^/\s]+\z")]
    private static partial Regex Istio();
}
