using Authz = Google.Cloud.BinaryAuthorization.V1;
using Enforcement = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EnforcementMode;
using Evaluation = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EvaluationMode;

namespace BinAuthz.Policies;

/// <summary>Which of two rules admits more. Every attestor must be satisfied, so one more tightens.</summary>
internal static class RuleComparison
{
    private static readonly Authz.AdmissionRule AdmitsAll = new() { EvaluationMode = Evaluation.AlwaysAllow };

    /// <summary>What replacing <paramref name="before"/> by <paramref name="after"/> does; no rule admits everything.</summary>
    public static PolicyEffect Compare(Authz.AdmissionRule? before, Authz.AdmissionRule? after)
    {
        var blocked = Verdicts(Blocking(before), Blocking(after));
        return blocked == PolicyEffect.Neutral ? Verdicts(before ?? AdmitsAll, after ?? AdmitsAll) : blocked;
    }

    // In a dry run nothing is blocked, whatever the verdict.
    private static Authz.AdmissionRule Blocking(Authz.AdmissionRule? rule) => rule is null || rule.EnforcementMode == Enforcement.DryrunAuditLogOnly ? AdmitsAll : rule;

    private static PolicyEffect Verdicts(Authz.AdmissionRule before, Authz.AdmissionRule after)
    {
        var (from, to) = (Rank(before), Rank(after));
        if (from != to)
        {
            return from < to ? PolicyEffect.Tightens : PolicyEffect.Loosens;
        }

        if (before.EvaluationMode != Evaluation.RequireAttestation)
        {
            return PolicyEffect.Neutral;
        }

        var more = after.RequireAttestationsBy.Except(before.RequireAttestationsBy).Any();
        var less = before.RequireAttestationsBy.Except(after.RequireAttestationsBy).Any();
        return more && less ? PolicyEffect.Replaces : more ? PolicyEffect.Tightens : less ? PolicyEffect.Loosens : PolicyEffect.Neutral;
    }

    private static int Rank(Authz.AdmissionRule rule) => rule.EvaluationMode switch
    {
        Evaluation.AlwaysDeny => 2,
        Evaluation.RequireAttestation => 1,
        _ => 0,
    };
}
