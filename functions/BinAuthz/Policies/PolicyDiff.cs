using Authz = Google.Cloud.BinaryAuthorization.V1;
using GlobalEvaluation = Google.Cloud.BinaryAuthorization.V1.Policy.Types.GlobalPolicyEvaluationMode;

namespace BinAuthz.Policies;

/// <summary>
/// What differs between the policy that is live and the one that is wanted, in words. Name, etag and update time do not
/// count, nor does the order of patterns and attestors.
/// </summary>
internal static class PolicyDiff
{
    private const string Patterns = "$.admissionWhitelistPatterns";

    /// <summary>One line for each change; none when the two admit the same and say the same.</summary>
    public static IReadOnlyList<PolicyChange> Compare(Authz.Policy live, Authz.Policy wanted) =>
    [
        .. Description(live, wanted),
        .. GlobalMode(live, wanted),
        .. AllowList(live, wanted),
        .. Rule("$.defaultAdmissionRule", live.DefaultAdmissionRule, wanted.DefaultAdmissionRule),
        .. RuleMap.All.SelectMany(map => Specific(map, live, wanted)),
    ];

    private static IEnumerable<PolicyChange> Description(Authz.Policy live, Authz.Policy wanted)
    {
        if (live.Description != wanted.Description)
        {
            yield return new PolicyChange("$.description", PolicyEffect.Neutral, $"description: '{live.Description}' becomes '{wanted.Description}'");
        }
    }

    private static IEnumerable<PolicyChange> GlobalMode(Authz.Policy live, Authz.Policy wanted)
    {
        // Unspecified means DISABLE (proto: Policy).
        var isOn = wanted.GlobalPolicyEvaluationMode == GlobalEvaluation.Enable;
        if (isOn != (live.GlobalPolicyEvaluationMode == GlobalEvaluation.Enable))
        {
            yield return isOn
                ? new PolicyChange("$.globalPolicyEvaluationMode", PolicyEffect.Loosens, "globalPolicyEvaluationMode: DISABLE becomes ENABLE, so the images of Google's system policy are admitted")
                : new PolicyChange("$.globalPolicyEvaluationMode", PolicyEffect.Tightens, "globalPolicyEvaluationMode: ENABLE becomes DISABLE, so GKE's own images fall under the rules");
        }
    }

    private static IEnumerable<PolicyChange> AllowList(Authz.Policy live, Authz.Policy wanted)
    {
        var before = live.AdmissionWhitelistPatterns.Select(pattern => pattern.NamePattern).ToHashSet(StringComparer.Ordinal);
        var after = wanted.AdmissionWhitelistPatterns.Select(pattern => pattern.NamePattern).ToHashSet(StringComparer.Ordinal);
        return after.Except(before).Select(pattern => new PolicyChange(Patterns, PolicyEffect.Loosens, $"allow list: {pattern} is added and admitted without attestation") { Item = pattern })
            .Concat(before.Except(after).Select(pattern => new PolicyChange(Patterns, PolicyEffect.Tightens, $"allow list: {pattern} is removed and falls under the rules") { Item = pattern }));
    }

    private static IEnumerable<PolicyChange> Specific(RuleMap map, Authz.Policy live, Authz.Policy wanted)
    {
        var (before, after) = (map.Rules(live), map.Rules(wanted));
        foreach (var key in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
        {
            var path = map.Path(key);
            if (!before.TryGetValue(key, out var old))
            {
                // A specific rule takes the place of the default one.
                yield return new PolicyChange(path, RuleComparison.Compare(live.DefaultAdmissionRule, after[key]), $"{path[2..]} is added: {PolicyWords.Of(after[key])}; until now the default, {Words(live.DefaultAdmissionRule)}");
            }
            else if (!after.TryGetValue(key, out var rule))
            {
                yield return new PolicyChange(path, RuleComparison.Compare(old, wanted.DefaultAdmissionRule), $"{path[2..]} is removed: {PolicyWords.Of(old)}; from now on the default, {Words(wanted.DefaultAdmissionRule)}");
            }
            else
            {
                foreach (var change in Rule(path, old, rule))
                {
                    yield return change;
                }
            }
        }
    }

    private static IEnumerable<PolicyChange> Rule(string path, Authz.AdmissionRule? before, Authz.AdmissionRule? after)
    {
        if (before is null || after is null || before.EvaluationMode != after.EvaluationMode)
        {
            return before is null && after is null ? [] : [new PolicyChange(path, RuleComparison.Compare(before, after), $"{path[2..]}: {Words(before)} becomes {Words(after)}")];
        }

        return Enforcement(path, before, after).Concat(Attestors(path, before, after));
    }

    private static IEnumerable<PolicyChange> Enforcement(string path, Authz.AdmissionRule before, Authz.AdmissionRule after)
    {
        if (before.EnforcementMode != after.EnforcementMode)
        {
            var same = after.Clone();
            same.EnforcementMode = before.EnforcementMode;
            yield return new PolicyChange(
                $"{path}.enforcementMode", RuleComparison.Compare(same, after), $"{path[2..]}: {PolicyWords.Of(before.EnforcementMode)} becomes {PolicyWords.Of(after.EnforcementMode)}");
        }
    }

    private static IEnumerable<PolicyChange> Attestors(string path, Authz.AdmissionRule before, Authz.AdmissionRule after) =>
        after.RequireAttestationsBy.Except(before.RequireAttestationsBy)
            .Select(attestor => new PolicyChange($"{path}.requireAttestationsBy", PolicyEffect.Tightens, $"{path[2..]}: {attestor} is required as well") { Item = attestor })
            .Concat(before.RequireAttestationsBy.Except(after.RequireAttestationsBy)
                .Select(attestor => new PolicyChange($"{path}.requireAttestationsBy", PolicyEffect.Loosens, $"{path[2..]}: {attestor} is not required any more") { Item = attestor }));

    private static string Words(Authz.AdmissionRule? rule) => rule is null ? "no rule" : PolicyWords.Of(rule);
}
