using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>Events, as <c>kubectl describe</c> and <c>kubectl get events</c> show them. The same event again raises its count.</summary>
internal sealed class EventRecorder(TimeProvider time)
{
    public void Record(ClusterState cluster, KubernetesKind kind, JsonObject about, string type, string reason, string message, string component)
    {
        var now = Clusters.Time(time.GetUtcNow());
        var name = $"{about.Name()}.{SafeNames.Hash(new JsonArray(about.Uid(), reason, message))}";
        var known = cluster.Find(KubernetesKinds.Event, about.Namespace(), name);
        var row = known?.Copy() ?? new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = about.Namespace(), ["uid"] = Guid.NewGuid().ToString(), ["creationTimestamp"] = now },
            ["involvedObject"] = new JsonObject
            {
                ["apiVersion"] = kind.ApiVersion,
                ["kind"] = kind.Kind,
                ["namespace"] = about.Namespace(),
                ["name"] = about.Name(),
                ["uid"] = about.Uid(),
            },
            ["type"] = type,
            ["reason"] = reason,
            ["message"] = message,
            ["source"] = new JsonObject { ["component"] = component },
            ["reportingComponent"] = component,
            ["firstTimestamp"] = now,
        };
        row["count"] = (known.Number("count") ?? 0) + 1;
        row["lastTimestamp"] = now;
        cluster.Put(KubernetesKinds.Event, row);
    }
}
