namespace BinAuthz.Denials;

/// <summary>Where it happened.</summary>
internal enum FindingPlatform
{
    /// <summary>A GKE cluster.</summary>
    Gke,

    /// <summary>A cluster of Google Distributed Cloud.</summary>
    DistributedCloud,

    /// <summary>Cloud Run, functions included.</summary>
    CloudRun,

    /// <summary>No workload: a change of what is trusted.</summary>
    Administration,
}
