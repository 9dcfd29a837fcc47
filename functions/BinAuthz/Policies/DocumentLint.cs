using Authz = Google.Cloud.BinaryAuthorization.V1;
using GlobalEvaluation = Google.Cloud.BinaryAuthorization.V1.Policy.Types.GlobalPolicyEvaluationMode;

namespace BinAuthz.Policies;

/// <summary>What is wrong with a policy as a whole and with the keys of its rules.</summary>
internal static class DocumentLint
{
    /// <summary>What was found.</summary>
    public static IEnumerable<PolicyFinding> Lint(Authz.Policy policy, PolicyLintOptions options)
    {
        if (options.Project is { } project && policy.Name.Length > 0 && policy.Name != $"projects/{project}/policy")
        {
            yield return PolicyFinding.Warning("other-project", "$.name", $"This is {policy.Name}, and it is for the project {project}.", $"Check that it is the right file; then write name: projects/{project}/policy, or leave name out.");
        }

        if (policy.GlobalPolicyEvaluationMode != GlobalEvaluation.Enable)
        {
            yield return PolicyFinding.Warning(
                "global-evaluation-off",
                "$.globalPolicyEvaluationMode",
                "Google's system policy is not evaluated, so GKE's own images need rules here; unspecified means DISABLE.",
                "Write globalPolicyEvaluationMode: ENABLE.");
        }

        RuleMap[] used = [.. RuleMap.All.Where(map => map.Rules(policy).Count > 0)];
        foreach (var map in used.Skip(1))
        {
            yield return PolicyFinding.Error("two-rule-maps", $"$.{map.Field}", $"A policy may use one kind of specific rules; {used[0].Field} is used as well.", "Keep one kind, and move its rules there.");
        }

        foreach (var map in used)
        {
            foreach (var key in map.Rules(policy).Keys.Where(key => !map.Key.IsMatch(key)))
            {
                yield return PolicyFinding.Error(map.FindingId, map.Path(key), $"'{key}' can match nothing: a key of {map.Field} is {map.Form}.", "Correct the key.");
            }
        }
    }
}
