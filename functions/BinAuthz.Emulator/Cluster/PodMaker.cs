using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>Creates and deletes the pods of a workload in the name of its controller.</summary>
internal sealed class PodMaker(ObjectWriter writer, EventRecorder events, TimeProvider time)
{
    private const string RevisionLabel = "controller-revision-hash";

    /// <summary>The pods that a workload controls, newest first.</summary>
    public static IReadOnlyList<JsonObject> Owned(ClusterState cluster, JsonObject owner) =>
        [.. cluster.List(KubernetesKinds.Pod, owner.Namespace()).Where(pod => pod.IsControlledBy(owner)).OrderByDescending(pod => pod.Text("metadata", "creationTimestamp"), StringComparer.Ordinal)];

    /// <summary>Of which template the pod was made.</summary>
    public static string Revision(JsonObject pod) => pod.Text("metadata", "labels", RevisionLabel);

    /// <summary>Creates a pod of the template.</summary>
    /// <param name="cluster">Where.</param>
    /// <param name="kind">The kind of the workload.</param>
    /// <param name="owner">The workload.</param>
    /// <param name="name">The pod's name; empty: one that begins with the workload's.</param>
    /// <param name="revision">Of the template; empty when pods do not tell it.</param>
    /// <returns>Why it was refused, or null.</returns>
    public string? Create(ClusterState cluster, KubernetesKind kind, JsonObject owner, string name, string revision)
    {
        var template = PodSpec.Template(owner)!;
        var metadata = (template.At("metadata") as JsonObject)?.Copy() ?? new JsonObject();
        metadata.Remove("creationTimestamp");
        metadata[name.Length == 0 ? "generateName" : "name"] = name.Length == 0 ? $"{owner.Name()}-" : name;
        metadata["namespace"] = owner.Namespace();
        if (revision.Length > 0)
        {
            metadata.Child("labels")[RevisionLabel] = revision;
        }

        metadata["ownerReferences"] = new JsonArray(Reference(kind, owner));
        var pod = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = template.At("spec")!.DeepClone() };
        try
        {
            var created = writer.Create(cluster, Caller.Controller(ControllerName(kind)), KubernetesKinds.Pod, owner.Namespace(), pod, dryRun: false);
            Start(cluster, created);
            events.Record(cluster, kind, owner, "Normal", "SuccessfulCreate", $"Created pod: {created.Name()}", ControllerName(kind));
            return null;
        }
        catch (StatusException refusal)
        {
            events.Record(cluster, kind, owner, "Warning", "FailedCreate", $"Error creating: {refusal.Message}", ControllerName(kind));
            return refusal.Message;
        }
    }

    /// <summary>Puts a pod on the node.</summary>
    public void Start(ClusterState cluster, JsonObject pod) => cluster.Put(KubernetesKinds.Pod, PodLife.Started(pod, Clusters.Time(time.GetUtcNow())));

    public void Delete(ClusterState cluster, KubernetesKind kind, JsonObject owner, JsonObject pod)
    {
        cluster.Remove(KubernetesKinds.Pod, pod);
        events.Record(cluster, kind, owner, "Normal", "SuccessfulDelete", $"Deleted pod: {pod.Name()}", ControllerName(kind));
    }

    /// <summary>The reference from what a controller made to the object that it made it for.</summary>
    public static JsonObject Reference(KubernetesKind kind, JsonObject owner) => new()
    {
        ["apiVersion"] = kind.ApiVersion,
        ["kind"] = kind.Kind,
        ["name"] = owner.Name(),
        ["uid"] = owner.Uid(),
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    private static string ControllerName(KubernetesKind kind) => kind == KubernetesKinds.DaemonSet ? "daemon-set-controller" : $"{kind.Singular}-controller";
}
