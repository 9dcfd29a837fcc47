using BinAuthz.Images;

namespace BinAuthz.Admission;

/// <summary>A project's policy as admission applies it.</summary>
/// <param name="UsesSystemPolicy">Whether Google's system policy is asked first.</param>
/// <param name="AllowList">The patterns of images that no rule judges.</param>
/// <param name="Specific">The rules of the one map that is in use.</param>
/// <param name="Default">The rule for everything else.</param>
internal sealed record AdmissionPolicy(bool UsesSystemPolicy, IReadOnlyList<ImagePattern> AllowList, IReadOnlyList<AdmissionRule> Specific, AdmissionRule Default)
{
    /// <summary>What the policy asks for and cannot be followed, such as patterns that match nothing.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The clusters that have rules: then a workload can be judged only for a known cluster.</summary>
    public IEnumerable<string> Clusters => Specific.Where(rule => rule.Basis.Kind == AdmissionRuleKind.Cluster).Select(rule => rule.Basis.Key);

    /// <summary>
    /// The rule for the pods of a workload. A specific rule replaces the default one. Several are given only when Istio rules
    /// differ in nothing but the trust domain, which no manifest tells: then the strictest verdict counts.
    /// </summary>
    /// <param name="workload">The workload.</param>
    /// <param name="cluster"><c>LOCATION.NAME</c>, or null when it does not matter.</param>
    public IReadOnlyList<AdmissionRule> RulesFor(Workload workload, string? cluster)
    {
        // On Cloud Run specific rules do not apply (docs: binary-authorization/docs/run/overview).
        AdmissionRule[] specific = workload.Platform == WorkloadPlatform.CloudRun ? [] : [.. Specific.Where(rule => IsFor(rule.Basis, workload, cluster))];
        return specific.Length > 0 ? specific : [Default];
    }

    private static bool IsFor(AdmissionBasis basis, Workload workload, string? cluster) => basis.Kind switch
    {
        AdmissionRuleKind.Cluster => basis.Key == cluster,
        AdmissionRuleKind.Namespace => basis.Key == workload.Namespace,
        AdmissionRuleKind.ServiceAccount => basis.Key == $"{workload.Namespace}:{workload.ServiceAccount}",
        AdmissionRuleKind.IstioIdentity => basis.Key.EndsWith($"/ns/{workload.Namespace}/sa/{workload.ServiceAccount}", StringComparison.Ordinal),
        _ => false,
    };
}
