using BinAuthz.Admission;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Checkup.Checks;

/// <summary>Where a pod may be admitted under a policy.</summary>
internal static class Places
{
    /// <summary>Of a pod whose namespace is not known.</summary>
    public const string Namespace = "default";

    /// <summary>The cluster that was asked for; otherwise every cluster with a rule, and null for all others.</summary>
    public static IReadOnlyList<string?> Of(AdmissionPolicy policy, string? cluster) => cluster is not null ? [cluster] : [null, .. policy.Clusters];

    /// <summary>A pod with one container.</summary>
    public static Workload Pod(string space, string image)
    {
        var at = new SourcePlace("", 0, 0);
        return new Workload(WorkloadPlatform.Kubernetes, "Pod", space, "", "default", [new WorkloadContainer(ContainerKind.Container, "", image, at)], at);
    }

    /// <summary>The policy as admission applies it; null when it cannot be evaluated, which <see cref="PolicyChecks"/> tells.</summary>
    public static AdmissionPolicy? TryRead(Authz.Policy policy, string resource)
    {
        try
        {
            return AdmissionPolicyReader.Read(policy, resource);
        }
        catch (ConfigurationException)
        {
            return null;
        }
    }
}
