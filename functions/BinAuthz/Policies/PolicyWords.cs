using Authz = Google.Cloud.BinaryAuthorization.V1;
using Enforcement = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EnforcementMode;
using Evaluation = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EvaluationMode;
using GlobalEvaluation = Google.Cloud.BinaryAuthorization.V1.Policy.Types.GlobalPolicyEvaluationMode;

namespace BinAuthz.Policies;

/// <summary>The names of the modes as documents write them (proto: AdmissionRule, Policy), and rules in words.</summary>
internal static class PolicyWords
{
    public static readonly IReadOnlyDictionary<string, Evaluation> Evaluations = new Dictionary<string, Evaluation>
    {
        ["ALWAYS_ALLOW"] = Evaluation.AlwaysAllow,
        ["REQUIRE_ATTESTATION"] = Evaluation.RequireAttestation,
        ["ALWAYS_DENY"] = Evaluation.AlwaysDeny,
    };

    public static readonly IReadOnlyDictionary<string, Enforcement> Enforcements = new Dictionary<string, Enforcement>
    {
        ["ENFORCED_BLOCK_AND_AUDIT_LOG"] = Enforcement.EnforcedBlockAndAuditLog,
        ["DRYRUN_AUDIT_LOG_ONLY"] = Enforcement.DryrunAuditLogOnly,
    };

    public static readonly IReadOnlyDictionary<string, GlobalEvaluation> GlobalEvaluations = new Dictionary<string, GlobalEvaluation>
    {
        ["ENABLE"] = GlobalEvaluation.Enable,
        ["DISABLE"] = GlobalEvaluation.Disable,
    };

    /// <summary>A mode's name; null when it is not given.</summary>
    public static string? Of<T>(IReadOnlyDictionary<string, T> names, T mode)
        where T : struct, Enum =>
        names.FirstOrDefault(name => EqualityComparer<T>.Default.Equals(name.Value, mode)).Key;

    /// <summary>A rule in words, such as <c>REQUIRE_ATTESTATION by projects/p/attestors/a, in dry run</c>.</summary>
    public static string Of(Authz.AdmissionRule rule)
    {
        var mode = Of(Evaluations, rule.EvaluationMode) ?? "no evaluation mode";
        var by = rule.RequireAttestationsBy.Count > 0 ? $" by {string.Join(" and ", rule.RequireAttestationsBy)}" : "";
        return $"{mode}{by}, {Of(rule.EnforcementMode)}";
    }

    /// <summary>What follows a verdict, in words.</summary>
    public static string Of(Enforcement mode) => mode switch
    {
        Enforcement.EnforcedBlockAndAuditLog => "enforced",
        Enforcement.DryrunAuditLogOnly => "in dry run",
        _ => "without an enforcement mode",
    };
}
