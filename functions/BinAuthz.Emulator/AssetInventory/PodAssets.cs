using System.Globalization;
using BinAuthz.Emulator.Cluster;
using BinAuthz.Emulator.Iam;

namespace BinAuthz.Emulator.AssetInventory;

/// <summary>The pods of the clusters as assets. Google's inventory follows minutes later; this one at once.</summary>
internal sealed class PodAssets(Clusters clusters)
{
    /// <summary>The asset type.</summary>
    public const string Type = "k8s.io/Pod";

    /// <summary>The pods of a project, named by its id or its number, ordered by name.</summary>
    public IReadOnlyList<PodAsset> Of(string project) =>
    [
        .. clusters.All
            .Where(cluster => cluster.Name.Project == project || ProjectNumber.Of(cluster.Name.Project).ToString(CultureInfo.InvariantCulture) == project)
            .SelectMany(Pods)
            .OrderBy(pod => pod.Name, StringComparer.Ordinal),
    ];

    private static PodAsset[] Pods(ClusterState cluster)
    {
        lock (cluster.Gate)
        {
            return [.. cluster.List(KubernetesKinds.Pod, "").Select(pod => new PodAsset(cluster.Name, pod))];
        }
    }
}
