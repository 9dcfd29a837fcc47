using System.Globalization;

namespace BinAuthz.Policies;

/// <summary>Says of a policy what Binary Authorization would refuse, and what would do something else than was meant (docs: policy-yaml-reference; proto: Policy).</summary>
internal static class PolicyLinter
{
    /// <summary>Everything that was found, in the order of the file.</summary>
    public static IReadOnlyList<PolicyFinding> Lint(PolicyDocument document, PolicyLintOptions options)
    {
        var policy = document.Policy;
        var patterns = policy.AdmissionWhitelistPatterns.SelectMany((pattern, index) => PatternLint.Lint(
            pattern.NamePattern, string.Create(CultureInfo.InvariantCulture, $"$.admissionWhitelistPatterns[{index}].namePattern"), policy.GlobalPolicyEvaluationMode, options));
        var found = patterns.Concat(DocumentLint.Lint(policy, options)).Concat(RuleLint.Lint(policy, options));
        return
        [
            .. document.Faults.Concat(found.Select(finding => finding with { Place = document.PlaceOf(finding.Path) }))
                .OrderBy(finding => finding.Place?.Line ?? int.MaxValue)
                .ThenBy(finding => finding.Place?.Column ?? int.MaxValue),
        ];
    }
}
