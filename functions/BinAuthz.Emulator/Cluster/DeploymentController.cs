using System.Globalization;
using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>Deployments: a ReplicaSet for each template, and the replicas moved from the old ones to the new one as fast as its pods are admitted.</summary>
internal sealed class DeploymentController(EventRecorder events, TimeProvider time)
{
    private const string Name = "deployment-controller";
    private const string HashLabel = "pod-template-hash";
    private const string RevisionAnnotation = "deployment.kubernetes.io/revision";

    /// <summary>Takes the next step of a rollout.</summary>
    /// <returns>The ReplicaSets that were scaled; none when there is nothing to do until pods change.</returns>
    public IReadOnlyList<JsonObject> Step(ClusterState cluster, JsonObject deployment)
    {
        var current = Current(cluster, deployment);
        var owned = Owned(cluster, deployment);
        var old = owned.Where(set => set.Name() != current.Name() && Replicas(set) > 0).ToArray();
        var replicas = Replicas(deployment);
        if (old.Length == 0 || replicas < Replicas(current))
        {
            return Scale(cluster, deployment, current, replicas);
        }

        if (deployment.Text("spec", "strategy", "type") == "Recreate")
        {
            return [.. old.SelectMany(set => Scale(cluster, deployment, set, 0))];
        }

        var (surge, unavailable) = Limits(deployment, replicas);
        var total = owned.Sum(Replicas);
        var up = Scale(cluster, deployment, current, Math.Min(replicas, Replicas(current) + Math.Max(0, replicas + surge - total)));
        return up.Count > 0 ? up : ScaleDown(cluster, deployment, old, total - (replicas - unavailable) - (Replicas(current) - Ready(current)));
    }

    /// <summary>Writes what has come of it into the status.</summary>
    public void UpdateStatus(ClusterState cluster, JsonObject deployment)
    {
        var current = Current(cluster, deployment);
        var owned = Owned(cluster, deployment);
        var after = deployment.Copy();
        var now = Clusters.Time(time.GetUtcNow());
        after.Child("metadata").Child("annotations")[RevisionAnnotation] = current.Text("metadata", "annotations", RevisionAnnotation);
        var status = after.Child("status");
        var (replicas, ready) = (Replicas(deployment), owned.Sum(Ready));
        status["observedGeneration"] = deployment.Number("metadata", "generation") ?? 1;
        SetCount(status, "replicas", owned.Sum(set => set.Number("status", "replicas") ?? 0));
        SetCount(status, "updatedReplicas", current.Number("status", "replicas") ?? 0);
        SetCount(status, "readyReplicas", ready);
        SetCount(status, "availableReplicas", ready);
        SetCount(status, "unavailableReplicas", Math.Max(0, Math.Max(replicas, owned.Sum(Replicas)) - ready));
        var available = ready >= replicas - Limits(deployment, replicas).Unavailable;
        Conditions.Set(status, "Available", available, available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable", available ? "Deployment has minimum availability." : "Deployment does not have minimum availability.", now);
        var complete = Ready(current) >= replicas && owned.Sum(Replicas) == replicas;
        Conditions.Set(status, "Progressing", value: true, complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated", $"ReplicaSet \"{current.Name()}\" {(complete ? "has successfully progressed." : "is progressing.")}", now);
        var failure = owned.SelectMany(set => set.Items("status", "conditions")).FirstOrDefault(condition => condition.Text("type") == "ReplicaFailure");
        if (failure is not null)
        {
            Conditions.Set(status, "ReplicaFailure", value: true, failure.Text("reason"), failure.Text("message"), now);
        }
        else
        {
            Conditions.Remove(status, "ReplicaFailure");
        }

        if (!JsonNode.DeepEquals(deployment, after))
        {
            cluster.Put(KubernetesKinds.Deployment, after);
        }
    }

    private static IReadOnlyList<JsonObject> Owned(ClusterState cluster, JsonObject deployment) =>
        [.. cluster.List(KubernetesKinds.ReplicaSet, deployment.Namespace()).Where(set => set.IsControlledBy(deployment))];

    // The ReplicaSet of the template as it is now.
    private JsonObject Current(ClusterState cluster, JsonObject deployment)
    {
        var template = (JsonObject)deployment.At("spec", "template")!;
        var hash = SafeNames.Hash(template);
        var name = $"{deployment.Name()}-{hash}";
        if (cluster.Find(KubernetesKinds.ReplicaSet, deployment.Namespace(), name) is { } existing)
        {
            return existing;
        }

        var labelled = template.Copy();
        labelled.Child("metadata").Child("labels")[HashLabel] = hash;
        var selector = (deployment.At("spec", "selector") as JsonObject)?.Copy() ?? new JsonObject();
        selector.Child("matchLabels")[HashLabel] = hash;
        var revision = 1 + Owned(cluster, deployment).Select(Revision).DefaultIfEmpty(0).Max();
        return cluster.Put(KubernetesKinds.ReplicaSet, new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ReplicaSet",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = deployment.Namespace(),
                ["uid"] = Guid.NewGuid().ToString(),
                ["creationTimestamp"] = Clusters.Time(time.GetUtcNow()),
                ["generation"] = 1,
                ["labels"] = labelled.At("metadata", "labels")!.DeepClone(),
                ["annotations"] = new JsonObject { [RevisionAnnotation] = revision.ToString(CultureInfo.InvariantCulture) },
                ["ownerReferences"] = new JsonArray(PodMaker.Reference(KubernetesKinds.Deployment, deployment)),
            },
            ["spec"] = new JsonObject { ["replicas"] = 0, ["selector"] = selector, ["template"] = labelled },
            ["status"] = new JsonObject { ["replicas"] = 0 },
        });
    }

    private List<JsonObject> ScaleDown(ClusterState cluster, JsonObject deployment, IEnumerable<JsonObject> old, int surplus)
    {
        var scaled = new List<JsonObject>();
        // Those that serve least go first.
        foreach (var set in old.OrderBy(Ready))
        {
            var fewer = Math.Min(Replicas(set), surplus);
            if (fewer > 0)
            {
                scaled.AddRange(Scale(cluster, deployment, set, Replicas(set) - fewer));
                surplus -= fewer;
            }
        }

        return scaled;
    }

    private IReadOnlyList<JsonObject> Scale(ClusterState cluster, JsonObject deployment, JsonObject set, int replicas)
    {
        var before = Replicas(set);
        if (before == replicas)
        {
            return [];
        }

        var after = set.Copy();
        after.Child("spec")["replicas"] = replicas;
        after.Child("metadata")["generation"] = (set.Number("metadata", "generation") ?? 0) + 1;
        events.Record(cluster, KubernetesKinds.Deployment, deployment, "Normal", "ScalingReplicaSet", $"Scaled {(replicas > before ? "up" : "down")} replica set {set.Name()} from {before} to {replicas}", Name);
        return [cluster.Put(KubernetesKinds.ReplicaSet, after)];
    }

    private static int Replicas(JsonObject row) => row.Number("spec", "replicas") ?? 1;

    private static int Ready(JsonObject row) => row.Number("status", "readyReplicas") ?? 0;

    private static int Revision(JsonObject set) =>
        int.TryParse(set.Text("metadata", "annotations", RevisionAnnotation), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0;

    private static (int Surge, int Unavailable) Limits(JsonObject deployment, int replicas)
    {
        var rolling = deployment.At("spec", "strategy", "rollingUpdate");
        var surge = Share(rolling.At("maxSurge"), replicas, Math.Ceiling);
        var unavailable = Share(rolling.At("maxUnavailable"), replicas, Math.Floor);
        return (surge, surge == 0 && unavailable == 0 ? 1 : unavailable);
    }

    private static int Share(JsonNode? value, int replicas, Func<double, double> round) =>
        value.Number() ?? (double.TryParse(value.Text().TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) ? (int)round(percent * replicas / 100) : 0);

    // A count of nothing is left out, as Kubernetes does.
    private static void SetCount(JsonObject status, string field, int value)
    {
        status.Remove(field);
        if (value > 0)
        {
            status[field] = value;
        }
    }
}
