using System.Text.Json.Nodes;

namespace BinAuthz.EndToEnd.Tests.Admission;

/// <summary>A workload as it is written in a manifest, and the pod that its controller would make of it.</summary>
/// <param name="Namespace">Of the pod.</param>
/// <param name="Name">The pod's name, and the workload's.</param>
/// <param name="Manifest">For <c>binauthz check</c>.</param>
/// <param name="Pod">For the cluster.</param>
internal sealed record RandomWorkload(string Namespace, string Name, JsonObject Manifest, JsonObject Pod)
{
    private static readonly string[] Others =
        ["nginx:latest", "docker.io/library/nginx:1", "docker.io/acme/own:1", "quay.io/acme/tool:1", "gke.gcr.io/a/b:v1", "us-docker.pkg.dev/acme-prod/apps/web-1:v1", "us-docker.pkg.dev/acme-prod/apps/web-1@sha256:abc"];

    public static RandomWorkload Next(Random random, string name, IReadOnlyList<string> images)
    {
        var place = random.Next(2) == 0 ? "default" : "payments";
        var labels = new JsonObject { ["app"] = name };
        var annotations = new JsonObject();
        if (random.Next(12) == 0)
        {
            labels["image-policy.k8s.io/break-glass"] = random.Next(4) == 0 ? "false" : "true";
        }

        if (random.Next(20) == 0)
        {
            annotations["alpha.image-policy.k8s.io/break-glass"] = "true";
        }

        var spec = new JsonObject { ["containers"] = Containers(random, "c", images, random.Next(1, 4)) };
        if (random.Next(3) == 0)
        {
            spec["initContainers"] = Containers(random, "i", images, 1);
        }

        if (random.Next(2) == 0)
        {
            spec["serviceAccountName"] = "robot";
        }

        var pod = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = place, ["labels"] = labels, ["annotations"] = annotations },
            ["spec"] = spec,
        };
        return new RandomWorkload(place, name, Wrap(random.Next(6), pod), pod);
    }

    private static JsonArray Containers(Random random, string prefix, IReadOnlyList<string> images, int count) =>
        [.. Enumerable.Range(0, count).Select(index => new JsonObject
        {
            ["name"] = $"{prefix}{index}",
            ["image"] = random.Next(5) == 0 ? Others[random.Next(Others.Length)] : images[random.Next(images.Count)],
        })];

    private static JsonObject Wrap(int kind, JsonObject pod) => kind switch
    {
        0 => Copy(pod),
        1 => Controller("apps/v1", "Deployment", pod),
        2 => Controller("apps/v1", "StatefulSet", pod),
        3 => Controller("apps/v1", "DaemonSet", pod),
        4 => Controller("batch/v1", "Job", pod),
        _ => CronJob(pod),
    };

    private static JsonObject Controller(string version, string kind, JsonObject pod) => new()
    {
        ["apiVersion"] = version,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = pod["metadata"]!["name"]!.GetValue<string>(), ["namespace"] = pod["metadata"]!["namespace"]!.GetValue<string>() },
        ["spec"] = new JsonObject { ["template"] = Template(pod) },
    };

    private static JsonObject CronJob(JsonObject pod)
    {
        var job = Controller("batch/v1", "CronJob", pod);
        job["spec"] = new JsonObject { ["schedule"] = "* * * * *", ["jobTemplate"] = new JsonObject { ["spec"] = Copy(job["spec"]!.AsObject()) } };
        return job;
    }

    private static JsonObject Template(JsonObject pod)
    {
        var template = Copy(pod);
        template.Remove("apiVersion");
        template.Remove("kind");
        template["metadata"]!.AsObject().Remove("name");
        template["metadata"]!.AsObject().Remove("namespace");
        return template;
    }

    private static JsonObject Copy(JsonObject node) => node.DeepClone().AsObject();
}
