namespace BinAuthz.Admission;

/// <summary>Where the kinds of Kubernetes, Knative and Cloud Run keep their pods.</summary>
internal static class PodTemplates
{
    private static readonly string[] InSpec = ["spec", "template"];

    /// <summary>The lists of a pod spec that name images.</summary>
    public static IReadOnlyList<(string Key, ContainerKind Kind)> ContainerLists { get; } =
        [("initContainers", ContainerKind.Init), ("containers", ContainerKind.Container), ("ephemeralContainers", ContainerKind.Ephemeral)];

    /// <summary>The keys that lead from an object to what holds the metadata and spec of its pods.</summary>
    /// <returns>Null: the object has no pods. A custom resource has if it looks like a Deployment, as Argo's Rollout does.</returns>
    public static IReadOnlyList<string>? PathOf(string group, string kind, ManifestNode.Mapping item) => (group, kind) switch
    {
        ("", "Pod") => [],
        ("", "PodTemplate") => ["template"],
        ("", "ReplicationController") => InSpec,
        ("apps" or "extensions", "Deployment" or "StatefulSet" or "DaemonSet" or "ReplicaSet") => InSpec,
        ("batch", "Job") => InSpec,
        ("batch", "CronJob") => ["spec", "jobTemplate", "spec", "template"],
        ("serving.knative.dev", "Service" or "Configuration") => InSpec,
        ("run.googleapis.com", "Job") => ["spec", "template", "spec", "template"],
        _ => item.Child("spec")?.Child("template")?.Child("spec")?["containers"] is ManifestNode.Sequence ? InSpec : null,
    };

    /// <summary>Whether an object is Cloud Run's: of its own API group, or a Knative service with the marks that gcloud exports.</summary>
    public static WorkloadPlatform PlatformOf(string group, ManifestNode.Mapping item) => group switch
    {
        "run.googleapis.com" => WorkloadPlatform.CloudRun,
        "serving.knative.dev" when Marks(item, "labels").Concat(Marks(item, "annotations")).Any(IsCloudRun) => WorkloadPlatform.CloudRun,
        _ => WorkloadPlatform.Kubernetes,
    };

    private static IEnumerable<string> Marks(ManifestNode.Mapping item, string key) => item.Child("metadata")?.Child(key)?.Entries.Keys ?? [];

    private static bool IsCloudRun(string mark) => mark == "cloud.googleapis.com/location" || mark.StartsWith("run.googleapis.com/", StringComparison.Ordinal);
}
