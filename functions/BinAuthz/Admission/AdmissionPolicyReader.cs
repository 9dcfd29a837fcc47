using BinAuthz.Attestations;
using BinAuthz.Images;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Enforcement = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EnforcementMode;
using Evaluation = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EvaluationMode;
using Rules = Google.Protobuf.Collections.MapField<string, Google.Cloud.BinaryAuthorization.V1.AdmissionRule>;

namespace BinAuthz.Admission;

/// <summary>Reads a policy as the API has it. What Binary Authorization would not accept cannot be evaluated either.</summary>
internal sealed class AdmissionPolicyReader
{
    private readonly List<string> errors = [];
    private readonly List<string> warnings = [];

    private AdmissionPolicyReader()
    {
    }

    /// <summary>Reads a policy.</summary>
    /// <param name="policy">The document.</param>
    /// <param name="source">Its file or resource, for the errors.</param>
    /// <exception cref="ConfigurationException">It cannot be evaluated; every reason is listed.</exception>
    public static AdmissionPolicy Read(Authz.Policy policy, string source)
    {
        var reader = new AdmissionPolicyReader();
        var read = reader.Read(policy);
        return reader.errors.Count == 0
            ? read with { Warnings = reader.warnings }
            : throw new ConfigurationException([.. reader.errors.Select(error => $"{source}: {error}")]);
    }

    /// <summary>The patterns that can be matched; the others are told.</summary>
    public static (IReadOnlyList<ImagePattern> Patterns, IReadOnlyList<string> Warnings) Patterns(Authz.Policy policy)
    {
        var reader = new AdmissionPolicyReader();
        return (reader.AllowList(policy), reader.warnings);
    }

    private AdmissionPolicy Read(Authz.Policy policy)
    {
        (AdmissionRuleKind Kind, string Name, Rules Rules)[] maps =
        [
            (AdmissionRuleKind.Cluster, "clusterAdmissionRules", policy.ClusterAdmissionRules),
            (AdmissionRuleKind.Namespace, "kubernetesNamespaceAdmissionRules", policy.KubernetesNamespaceAdmissionRules),
            (AdmissionRuleKind.ServiceAccount, "kubernetesServiceAccountAdmissionRules", policy.KubernetesServiceAccountAdmissionRules),
            (AdmissionRuleKind.IstioIdentity, "istioServiceIdentityAdmissionRules", policy.IstioServiceIdentityAdmissionRules),
        ];
        string[] used = [.. maps.Where(map => map.Rules.Count > 0).Select(map => map.Name)];
        if (used.Length > 1)
        {
            errors.Add($"{string.Join(" and ", used)} have rules, and a policy may use only one of the maps. Keep one of them.");
        }

        AdmissionRule[] specific = [.. maps.SelectMany(map => map.Rules.Select(rule => Rule(new AdmissionBasis(map.Kind, rule.Key), $"{map.Name}['{rule.Key}']", rule.Value)))];
        return new AdmissionPolicy(
            policy.GlobalPolicyEvaluationMode == Authz.Policy.Types.GlobalPolicyEvaluationMode.Enable,
            AllowList(policy),
            specific,
            Rule(new AdmissionBasis(AdmissionRuleKind.Default, ""), "defaultAdmissionRule", policy.DefaultAdmissionRule ?? new Authz.AdmissionRule()));
    }

    private AdmissionRule Rule(AdmissionBasis basis, string where, Authz.AdmissionRule rule)
    {
        if (rule.EvaluationMode is not (Evaluation.AlwaysAllow or Evaluation.RequireAttestation or Evaluation.AlwaysDeny))
        {
            errors.Add($"{where} has no evaluationMode that is known. Write ALWAYS_ALLOW, REQUIRE_ATTESTATION or ALWAYS_DENY.");
        }

        if (rule.EnforcementMode is not (Enforcement.EnforcedBlockAndAuditLog or Enforcement.DryrunAuditLogOnly))
        {
            errors.Add($"{where} has no enforcementMode that is known. Write ENFORCED_BLOCK_AND_AUDIT_LOG or DRYRUN_AUDIT_LOG_ONLY.");
        }

        if (rule.EvaluationMode == Evaluation.RequireAttestation != rule.RequireAttestationsBy.Count > 0)
        {
            errors.Add($"{where} must name attestors in requireAttestationsBy if, and only if, its evaluationMode is REQUIRE_ATTESTATION.");
        }

        var evaluation = rule.EvaluationMode switch
        {
            Evaluation.AlwaysAllow => AdmissionEvaluation.AlwaysAllow,
            Evaluation.RequireAttestation => AdmissionEvaluation.RequireAttestation,
            _ => AdmissionEvaluation.AlwaysDeny,
        };
        return new AdmissionRule(basis, evaluation, rule.EnforcementMode == Enforcement.DryrunAuditLogOnly, Attestors(where, rule));
    }

    private List<AttestorName> Attestors(string where, Authz.AdmissionRule rule)
    {
        var names = new List<AttestorName>();
        foreach (var text in rule.RequireAttestationsBy)
        {
            if (!AttestorName.TryParse(text, out var name))
            {
                errors.Add($"{where} names the attestor '{text}'. Write projects/PROJECT/attestors/ID.");
            }
            else if (!names.Contains(name))
            {
                names.Add(name);
            }
        }

        return names;
    }

    private List<ImagePattern> AllowList(Authz.Policy policy)
    {
        var patterns = new List<ImagePattern>();
        foreach (var text in policy.AdmissionWhitelistPatterns.Select(pattern => pattern.NamePattern))
        {
            if (ImagePattern.TryParse(text, out var pattern, out var rule))
            {
                patterns.Add(pattern);
            }
            else
            {
                warnings.Add($"The pattern '{text}' is taken to match nothing: {rule}.");
            }
        }

        return patterns;
    }
}
