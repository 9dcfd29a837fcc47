namespace BinAuthz.Emulator.Cluster;

/// <summary>
/// The kinds that the cluster serves: those whose controllers are played, and plain data. A kind of which nothing would
/// come is not served, so that kubectl says so. A CronJob is only kept: at apply time nothing happens on GKE either.
/// </summary>
internal static class KubernetesKinds
{
    public static readonly KubernetesKind Pod = new("", "Pod", "pods") { ShortNames = ["po"], InAll = true };
    public static readonly KubernetesKind Namespace = new("", "Namespace", "namespaces") { ShortNames = ["ns"], Namespaced = false };
    public static readonly KubernetesKind Event = new("", "Event", "events") { ShortNames = ["ev"] };
    public static readonly KubernetesKind Deployment = new("apps", "Deployment", "deployments") { ShortNames = ["deploy"], InAll = true, Scales = true };
    public static readonly KubernetesKind ReplicaSet = new("apps", "ReplicaSet", "replicasets") { ShortNames = ["rs"], InAll = true, Scales = true };
    public static readonly KubernetesKind StatefulSet = new("apps", "StatefulSet", "statefulsets") { ShortNames = ["sts"], InAll = true, Scales = true };
    public static readonly KubernetesKind DaemonSet = new("apps", "DaemonSet", "daemonsets") { ShortNames = ["ds"], InAll = true };
    public static readonly KubernetesKind Job = new("batch", "Job", "jobs") { InAll = true };
    public static readonly KubernetesKind CronJob = new("batch", "CronJob", "cronjobs") { ShortNames = ["cj"], InAll = true };

    public static readonly IReadOnlyList<KubernetesKind> All =
    [
        Pod, Namespace, Event,
        new("", "ConfigMap", "configmaps") { ShortNames = ["cm"] },
        new("", "Secret", "secrets"),
        new("", "Service", "services") { ShortNames = ["svc"], InAll = true },
        new("", "ServiceAccount", "serviceaccounts") { ShortNames = ["sa"] },
        Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob,
    ];

    /// <summary>The API groups besides the core.</summary>
    public static readonly IReadOnlyList<string> Groups = [.. All.Select(kind => kind.Group).Where(group => group.Length > 0).Distinct()];

    /// <summary>The kinds whose pods a controller creates.</summary>
    public static readonly IReadOnlyList<KubernetesKind> Workloads = [Deployment, ReplicaSet, StatefulSet, DaemonSet, Job];

    public static KubernetesKind? Find(string group, string plural) => All.FirstOrDefault(kind => kind.Group == group && kind.Plural == plural);
}
