using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.EndToEnd.Tests.Admission;

/// <summary>Policies that Binary Authorization accepts, of every kind.</summary>
internal static class RandomPolicy
{
    private static readonly string[] Patterns =
        ["us-docker.pkg.dev/acme-prod/apps/web-1@*", "us-docker.pkg.dev/acme-prod/**", "us-docker.pkg.dev/acme-prod/*", "docker.io/library/*", "docker.io/**", "quay.io/acme/tool:1"];

    public static Authz.Policy Next(Random random)
    {
        var policy = new Authz.Policy
        {
            Name = $"projects/{AdmissionWorld.Project}/policy",
            GlobalPolicyEvaluationMode = random.Next(2) == 0 ? Authz.Policy.Types.GlobalPolicyEvaluationMode.Enable : Authz.Policy.Types.GlobalPolicyEvaluationMode.Disable,
            DefaultAdmissionRule = Rule(random),
        };
        policy.AdmissionWhitelistPatterns.AddRange(Patterns.Where(_ => random.Next(6) == 0).Select(pattern => new Authz.AdmissionWhitelistPattern { NamePattern = pattern }));
        var map = random.Next(5) switch
        {
            0 => (Rules: policy.ClusterAdmissionRules, Keys: (string[])[AdmissionWorld.Cluster, "us-central1.staging"]),
            1 => (Rules: policy.KubernetesNamespaceAdmissionRules, Keys: ["default", "payments"]),
            2 => (Rules: policy.KubernetesServiceAccountAdmissionRules, Keys: ["payments:robot", "default:default", "default:robot"]),
            3 => (Rules: policy.IstioServiceIdentityAdmissionRules, Keys: [$"spiffe://{AdmissionWorld.Project}.svc.id.goog/ns/payments/sa/robot", $"{AdmissionWorld.Project}.svc.id.goog/ns/default/sa/default"]),
            _ => (Rules: policy.ClusterAdmissionRules, Keys: []),
        };
        foreach (var key in map.Keys.Where(_ => random.Next(3) > 0))
        {
            map.Rules[key] = Rule(random);
        }

        return policy;
    }

    /// <summary>Every image must be attested by all of these.</summary>
    public static Authz.Policy Requiring(params IEnumerable<string> attestors)
    {
        var rule = new Authz.AdmissionRule
        {
            EnforcementMode = Authz.AdmissionRule.Types.EnforcementMode.EnforcedBlockAndAuditLog,
            EvaluationMode = Authz.AdmissionRule.Types.EvaluationMode.RequireAttestation,
        };
        rule.RequireAttestationsBy.AddRange(attestors.Select(id => AdmissionWorld.Attestor(id).ToString()));
        return new Authz.Policy
        {
            Name = $"projects/{AdmissionWorld.Project}/policy",
            GlobalPolicyEvaluationMode = Authz.Policy.Types.GlobalPolicyEvaluationMode.Enable,
            DefaultAdmissionRule = rule,
        };
    }

    private static Authz.AdmissionRule Rule(Random random)
    {
        var rule = new Authz.AdmissionRule
        {
            EnforcementMode = random.Next(4) == 0 ? Authz.AdmissionRule.Types.EnforcementMode.DryrunAuditLogOnly : Authz.AdmissionRule.Types.EnforcementMode.EnforcedBlockAndAuditLog,
            EvaluationMode = (Authz.AdmissionRule.Types.EvaluationMode)random.Next(1, 4),
        };
        if (rule.EvaluationMode == Authz.AdmissionRule.Types.EvaluationMode.RequireAttestation || random.Next(2) == 0)
        {
            rule.EvaluationMode = Authz.AdmissionRule.Types.EvaluationMode.RequireAttestation;
            var attestors = random.Next(8) switch
            {
                0 => (string[])["keyless"],
                1 => ["gone", "first"],
                2 or 3 => ["first", "second"],
                4 => ["second"],
                _ => ["first"],
            };
            rule.RequireAttestationsBy.AddRange(attestors.Select(id => AdmissionWorld.Attestor(id).ToString()));
        }

        return rule;
    }
}
