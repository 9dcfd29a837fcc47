using BinAuthz.Admission;
using BinAuthz.Images;

namespace BinAuthz.Cli.Checking;

/// <summary>What a check is made by: the policy, the patterns of the system policy, and what is not sure about them.</summary>
/// <param name="Name">The file or resource of the policy.</param>
/// <param name="Policy">The policy.</param>
/// <param name="SystemPatterns">The images that Google's system policy allows.</param>
/// <param name="Warnings">What is not sure.</param>
internal sealed record CheckSources(string Name, AdmissionPolicy Policy, IReadOnlyList<ImagePattern> SystemPatterns, IReadOnlyList<string> Warnings)
{
    /// <summary>Judges manifests that were read.</summary>
    public CheckReport Judge(WorkloadReading manifests, string? cluster, AdmissionEvidence evidence)
    {
        var evaluator = new AdmissionEvaluator(Policy, SystemPatterns, evidence, cluster);
        return new CheckReport(Name, cluster, [.. manifests.Workloads.Select(evaluator.Evaluate)], manifests.Skipped, manifests.Errors, Warnings);
    }

    /// <summary>Demands to know the cluster where the verdict depends on it.</summary>
    /// <exception cref="CommandException">It does, and no cluster is named.</exception>
    public void DemandCluster(string? cluster)
    {
        if (cluster is null && Policy.Clusters.Any())
        {
            throw CommandException.Usage($"{Name} has rules for clusters ({string.Join(", ", Policy.Clusters)}). Say with --cluster LOCATION.NAME where the manifests go.");
        }
    }
}
