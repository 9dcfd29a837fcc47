using System.Text.Json.Nodes;
using BinAuthz.Emulator.Cluster;
using BinAuthz.Emulator.Iam;

namespace BinAuthz.Emulator.AssetInventory;

/// <summary>A pod as an asset (google/cloud/asset/v1/assets.proto; the form of its name: asset-inventory/docs/asset-names).</summary>
internal sealed record PodAsset(ClusterName Cluster, JsonObject Pod)
{
    /// <summary>Its full resource name.</summary>
    public string Name => $"{Parent}/pods/{Pod.Name()}";

    // A zonal cluster is named by its zone, which ends with a letter.
    private string Parent =>
        $"//container.googleapis.com/projects/{Cluster.Project}/{(Cluster.Location is [.., '-', >= 'a' and <= 'z'] ? "zones" : "locations")}/{Cluster.Location}/clusters/{Cluster.Name}/k8s/namespaces/{Pod.Namespace()}";

    /// <summary>The asset, with or without the pod itself.</summary>
    public JsonObject ToJson(bool withResource)
    {
        var asset = new JsonObject
        {
            ["name"] = Name,
            ["assetType"] = PodAssets.Type,
            ["ancestors"] = new JsonArray($"projects/{ProjectNumber.Of(Cluster.Project)}"),
            ["updateTime"] = Pod.Text("metadata", "creationTimestamp"),
        };
        if (withResource)
        {
            asset["resource"] = new JsonObject { ["version"] = "v1", ["discoveryName"] = "Pod", ["parent"] = Parent, ["data"] = Pod.Copy(), ["location"] = Cluster.Location };
        }

        return asset;
    }
}
