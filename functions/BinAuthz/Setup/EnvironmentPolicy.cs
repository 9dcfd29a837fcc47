using BinAuthz.Attestations;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Enforcement = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EnforcementMode;
using Evaluation = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EvaluationMode;

namespace BinAuthz.Setup;

/// <summary>What an environment asks of its project's policy: production enforces, staging is a dry run, development is open. Rules are tightened, never loosened.</summary>
internal static class EnvironmentPolicy
{
    /// <summary>Decides what to change.</summary>
    /// <returns>The policy to store, or null, and in words what is done and why.</returns>
    public static (Authz.Policy? Change, string Words) Decide(Authz.Policy current, DeploymentEnvironment environment, IReadOnlyList<AttestorName> attestors)
    {
        if (environment == DeploymentEnvironment.Development)
        {
            return (null, "left as it is: development is open");
        }

        var wanted = environment == DeploymentEnvironment.Production ? Enforcement.EnforcedBlockAndAuditLog : Enforcement.DryrunAuditLogOnly;
        var rule = current.DefaultAdmissionRule;
        string[] ours = [.. attestors.Select(attestor => attestor.ToString())];
        var named = string.Join(" and ", ours);
        var isOurs = rule?.EvaluationMode == Evaluation.RequireAttestation && rule.RequireAttestationsBy.All(ours.Contains);
        if (isOurs && rule!.RequireAttestationsBy.Count == ours.Length)
        {
            return rule.EnforcementMode == wanted || environment == DeploymentEnvironment.Staging
                ? (null, $"the default rule requires {named} already")
                : (With(current, ours, wanted), $"the default rule enforces {named}, which was a dry run");
        }

        if (isOurs)
        {
            // Never loosened: what a staging policy enforces already, it enforces for the new attestor too.
            var kept = rule!.EnforcementMode == Enforcement.EnforcedBlockAndAuditLog ? Enforcement.EnforcedBlockAndAuditLog : wanted;
            return (With(current, ours, kept), $"the default rule requires {named}, and required {string.Join(" and ", rule.RequireAttestationsBy)} before");
        }

        if (rule is not null && rule.EvaluationMode is Evaluation.RequireAttestation or Evaluation.AlwaysDeny)
        {
            return (null, $"left as it is: the default rule is {Describe(rule)}, set by somebody else. To use {named}, add it there or in a cluster rule");
        }

        return (With(current, ours, wanted), $"the default rule requires {named}, {(wanted == Enforcement.DryrunAuditLogOnly ? "as a dry run" : "enforced")}");
    }

    private static string Describe(Authz.AdmissionRule rule) =>
        rule.EvaluationMode == Evaluation.AlwaysDeny ? "ALWAYS_DENY" : $"REQUIRE_ATTESTATION by {string.Join(", ", rule.RequireAttestationsBy)}";

    private static Authz.Policy With(Authz.Policy current, string[] attestors, Enforcement enforcement)
    {
        var policy = current.Clone();
        policy.GlobalPolicyEvaluationMode = Authz.Policy.Types.GlobalPolicyEvaluationMode.Enable;
        policy.DefaultAdmissionRule = new Authz.AdmissionRule
        {
            EvaluationMode = Evaluation.RequireAttestation,
            EnforcementMode = enforcement,
            RequireAttestationsBy = { attestors },
        };
        return policy;
    }
}
