using BinAuthz.Attestations;
using Google.Protobuf.Collections;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Enforcement = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EnforcementMode;
using Evaluation = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EvaluationMode;

namespace BinAuthz.Setup;

/// <summary>What an environment asks of its project's policy: production enforces, staging is a dry run, development is open. Rules are tightened, never loosened.</summary>
internal static class EnvironmentPolicy
{
    /// <summary>Decides what to change.</summary>
    /// <returns>The policy to store, or null, and in words what is done and why.</returns>
    public static (Authz.Policy? Change, string Words) Decide(Authz.Policy current, DeploymentEnvironment environment, AttestorName attestor)
    {
        if (environment == DeploymentEnvironment.Development)
        {
            return (null, "left as it is: development is open");
        }

        var wanted = environment == DeploymentEnvironment.Production ? Enforcement.EnforcedBlockAndAuditLog : Enforcement.DryrunAuditLogOnly;
        var rule = current.DefaultAdmissionRule;
        if (rule is not null && IsOurs(rule.RequireAttestationsBy, attestor))
        {
            return rule.EnforcementMode == wanted || environment == DeploymentEnvironment.Staging
                ? (null, $"the default rule requires {attestor} already")
                : (With(current, attestor, wanted), $"the default rule enforces {attestor}, which was a dry run");
        }

        if (rule is not null && rule.EvaluationMode is Evaluation.RequireAttestation or Evaluation.AlwaysDeny)
        {
            return (null, $"left as it is: the default rule is {Describe(rule)}, set by somebody else. To use {attestor}, add it there or in a cluster rule");
        }

        return (With(current, attestor, wanted), $"the default rule requires {attestor}, {(wanted == Enforcement.DryrunAuditLogOnly ? "as a dry run" : "enforced")}");
    }

    private static bool IsOurs(RepeatedField<string> attestors, AttestorName attestor) => attestors.Count == 1 && attestors[0] == attestor.ToString();

    private static string Describe(Authz.AdmissionRule rule) =>
        rule.EvaluationMode == Evaluation.AlwaysDeny ? "ALWAYS_DENY" : $"REQUIRE_ATTESTATION by {string.Join(", ", rule.RequireAttestationsBy)}";

    private static Authz.Policy With(Authz.Policy current, AttestorName attestor, Enforcement enforcement)
    {
        var policy = current.Clone();
        policy.GlobalPolicyEvaluationMode = Authz.Policy.Types.GlobalPolicyEvaluationMode.Enable;
        policy.DefaultAdmissionRule = new Authz.AdmissionRule
        {
            EvaluationMode = Evaluation.RequireAttestation,
            EnforcementMode = enforcement,
            RequireAttestationsBy = { attestor.ToString() },
        };
        return policy;
    }
}
