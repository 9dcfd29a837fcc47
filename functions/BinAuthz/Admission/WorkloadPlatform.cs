namespace BinAuthz.Admission;

/// <summary>Where a workload runs.</summary>
internal enum WorkloadPlatform
{
    /// <summary>A cluster; every rule of the policy can apply.</summary>
    Kubernetes,

    /// <summary>Cloud Run; of the rules only the default one applies (docs: binary-authorization/docs/run/overview).</summary>
    CloudRun,
}
