using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>What the API server fills in, as far as kubectl and the controllers look at it.</summary>
internal static class ObjectDefaults
{
    public static void Apply(KubernetesKind kind, JsonObject row)
    {
        if (kind == KubernetesKinds.Pod)
        {
            ApplyToPod(row.Child("spec"));
        }
        else if (kind == KubernetesKinds.Namespace)
        {
            row.Child("metadata").Child("labels")["kubernetes.io/metadata.name"] = row.Name();
            row.Child("spec").Default("finalizers", new JsonArray("kubernetes"));
            row.Child("status").Default("phase", "Active");
        }

        if (PodSpec.Template(row)?.At("spec") is JsonObject template)
        {
            ApplyToPod(template);
        }

        if (row["spec"] is JsonObject spec)
        {
            ApplyToWorkload(kind, row, spec);
        }
    }

    private static void ApplyToWorkload(KubernetesKind kind, JsonObject row, JsonObject spec)
    {
        if (kind.Scales)
        {
            spec.Default("replicas", 1);
        }

        if (kind == KubernetesKinds.Deployment)
        {
            spec.Default("revisionHistoryLimit", 10);
            spec.Default("progressDeadlineSeconds", 600);
            var strategy = spec.Child("strategy");
            strategy.Default("type", "RollingUpdate");
            if (strategy.Text("type") == "RollingUpdate")
            {
                strategy.Child("rollingUpdate").Default("maxSurge", "25%");
                strategy.Child("rollingUpdate").Default("maxUnavailable", "25%");
            }
        }
        else if (kind == KubernetesKinds.Job)
        {
            spec.Default("completions", 1);
            spec.Default("parallelism", 1);
            spec.Default("backoffLimit", 6);
            SelectByUid(row, spec);
        }
        else if (kind.Kind == "Service")
        {
            spec.Default("type", "ClusterIP");
        }
    }

    // The pods of a Job are told apart by its uid, which the API server puts into selector and template.
    private static void SelectByUid(JsonObject row, JsonObject spec)
    {
        if (spec["selector"] is null && spec["template"] is JsonObject template && row.Uid() is { Length: > 0 } uid)
        {
            spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["batch.kubernetes.io/controller-uid"] = uid } };
            var labels = template.Child("metadata").Child("labels");
            labels["batch.kubernetes.io/controller-uid"] = uid;
            labels["batch.kubernetes.io/job-name"] = row.Name();
            labels["job-name"] = row.Name();
        }
    }

    private static void ApplyToPod(JsonObject spec)
    {
        foreach (var (_, container) in PodSpec.Containers(spec))
        {
            var image = container.Text("image");
            container.Default("imagePullPolicy", Tag(image) is "" or "latest" ? "Always" : "IfNotPresent");
            container.Items("ports").ToList().ForEach(port => port.Default("protocol", "TCP"));
            container.Default("resources", new JsonObject());
            container.Default("terminationMessagePath", "/dev/termination-log");
            container.Default("terminationMessagePolicy", "File");
        }

        spec.Default("restartPolicy", "Always");
        spec.Default("dnsPolicy", "ClusterFirst");
        spec.Default("schedulerName", "default-scheduler");
        spec.Default("securityContext", new JsonObject());
        spec.Default("terminationGracePeriodSeconds", 30);
    }

    // A digest counts as a tag that is not latest.
    private static string Tag(string image) => image[(image.LastIndexOf('/') + 1)..].Split(':', '@') is [_, .., var tag] ? tag : "";
}
