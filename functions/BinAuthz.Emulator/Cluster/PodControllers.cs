using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>
/// The controllers that create pods: ReplicaSet, StatefulSet, DaemonSet and Job. Each brings its pods to the wanted number
/// as far as admission lets it, and tells in status and events what it was refused. The cluster has one node.
/// </summary>
internal sealed class PodControllers(PodMaker pods, TimeProvider time)
{
    /// <summary>Brings the pods of a workload up to date.</summary>
    /// <returns>False when a pod was refused, so that it must be tried again.</returns>
    public bool Sync(ClusterState cluster, KubernetesKind kind, JsonObject row)
    {
        var failure = kind.Kind switch
        {
            "ReplicaSet" => SyncReplicas(cluster, row),
            "StatefulSet" => SyncOrdinals(cluster, row),
            "DaemonSet" => SyncNode(cluster, row),
            _ => SyncCompletions(cluster, row),
        };
        UpdateStatus(cluster, kind, row, failure);
        return failure is null;
    }

    private string? SyncReplicas(ClusterState cluster, JsonObject row)
    {
        var owned = PodMaker.Owned(cluster, row);
        var missing = (row.Number("spec", "replicas") ?? 1) - owned.Count;
        foreach (var surplus in owned.Take(Math.Max(0, -missing)))
        {
            pods.Delete(cluster, KubernetesKinds.ReplicaSet, row, surplus);
        }

        return CreateSlowly(missing, () => pods.Create(cluster, KubernetesKinds.ReplicaSet, row, "", ""));
    }

    // One pod at first, then twice as many as before: what is refused is asked for once, not once for each replica.
    private static string? CreateSlowly(int missing, Func<string?> create)
    {
        for (var batch = 1; missing > 0; missing -= batch, batch *= 2)
        {
            batch = Math.Min(batch, missing);
            var failures = Enumerable.Range(0, batch).Select(_ => create()).ToArray();
            if (failures.FirstOrDefault(failure => failure is not null) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private string? SyncOrdinals(ClusterState cluster, JsonObject row)
    {
        var replicas = row.Number("spec", "replicas") ?? 1;
        var revision = $"{row.Name()}-{SafeNames.Hash(row.At("spec", "template")!)}";
        var owned = PodMaker.Owned(cluster, row).ToDictionary(pod => pod.Name());
        var names = Enumerable.Range(0, replicas).Select(ordinal => $"{row.Name()}-{ordinal}").ToArray();
        foreach (var surplus in owned.Values.Where(pod => !names.Contains(pod.Name())))
        {
            pods.Delete(cluster, KubernetesKinds.StatefulSet, row, surplus);
        }

        foreach (var name in names.Where(name => !owned.ContainsKey(name)))
        {
            if (pods.Create(cluster, KubernetesKinds.StatefulSet, row, name, revision) is { } failure)
            {
                return failure;
            }
        }

        foreach (var outdated in names.Reverse().Where(name => owned.TryGetValue(name, out var pod) && PodMaker.Revision(pod) != revision))
        {
            if (Replace(cluster, KubernetesKinds.StatefulSet, row, owned[outdated], outdated, revision) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private string? SyncNode(ClusterState cluster, JsonObject row)
    {
        var revision = SafeNames.Hash(row.At("spec", "template")!);
        return PodMaker.Owned(cluster, row) switch
        {
            [] => pods.Create(cluster, KubernetesKinds.DaemonSet, row, "", revision),
            [var pod, ..] when PodMaker.Revision(pod) != revision => Replace(cluster, KubernetesKinds.DaemonSet, row, pod, "", revision),
            _ => null,
        };
    }

    private string? Replace(ClusterState cluster, KubernetesKind kind, JsonObject row, JsonObject pod, string name, string revision)
    {
        pods.Delete(cluster, kind, row, pod);
        return pods.Create(cluster, kind, row, name, revision);
    }

    private string? SyncCompletions(ClusterState cluster, JsonObject row) =>
        row.At("spec", "suspend")?.ToJsonString() == "true" || row.Text("status", "completionTime").Length > 0
            ? null
            : CreateSlowly((row.Number("spec", "completions") ?? 1) - PodMaker.Owned(cluster, row).Count, () => pods.Create(cluster, KubernetesKinds.Job, row, "", ""));

    private void UpdateStatus(ClusterState cluster, KubernetesKind kind, JsonObject row, string? failure)
    {
        var owned = PodMaker.Owned(cluster, row);
        var after = row.Copy();
        var status = after.Child("status");
        var now = Clusters.Time(time.GetUtcNow());
        if (kind == KubernetesKinds.Job)
        {
            SetJobStatus(after, status, owned.Count, now);
        }
        else
        {
            SetReplicaStatus(kind, status, owned);
            status["observedGeneration"] = row.Number("metadata", "generation") ?? 1;
        }

        if (kind == KubernetesKinds.ReplicaSet && failure is not null)
        {
            Conditions.Set(status, "ReplicaFailure", value: true, "FailedCreate", failure, now);
        }
        else
        {
            Conditions.Remove(status, "ReplicaFailure");
        }

        if (!JsonNode.DeepEquals(row, after))
        {
            cluster.Put(kind, after);
        }
    }

    private static void SetReplicaStatus(KubernetesKind kind, JsonObject status, IReadOnlyList<JsonObject> owned)
    {
        var ready = owned.Count(PodLife.IsReady);
        (string Field, int Value)[] counts = kind.Kind switch
        {
            "DaemonSet" =>
            [
                ("desiredNumberScheduled", 1), ("currentNumberScheduled", owned.Count), ("updatedNumberScheduled", owned.Count),
                ("numberReady", ready), ("numberAvailable", ready), ("numberUnavailable", 1 - ready), ("numberMisscheduled", 0),
            ],
            "StatefulSet" => [("replicas", owned.Count), ("readyReplicas", ready), ("availableReplicas", ready), ("currentReplicas", owned.Count), ("updatedReplicas", owned.Count)],
            _ => [("replicas", owned.Count), ("fullyLabeledReplicas", owned.Count), ("readyReplicas", ready), ("availableReplicas", ready)],
        };
        foreach (var (field, value) in counts)
        {
            status[field] = value;
        }
    }

    private static void SetJobStatus(JsonObject job, JsonObject status, int succeeded, string now)
    {
        status.Default("startTime", now);
        status["succeeded"] = succeeded;
        if (succeeded >= (job.Number("spec", "completions") ?? 1))
        {
            status.Default("completionTime", now);
            Conditions.Set(status, "Complete", value: true, "CompletionsReached", "Reached expected number of succeeded pods", now);
        }
    }
}
