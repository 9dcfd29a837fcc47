using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>The parts of a pod's specification that the cluster looks at.</summary>
internal static class PodSpec
{
    private static readonly string[] Lists = ["initContainers", "containers", "ephemeralContainers"];

    /// <summary>Ordinary, init and ephemeral containers with their field, such as <c>spec.initContainers[0]</c>.</summary>
    public static IEnumerable<(string Field, JsonObject Container)> Containers(JsonObject? spec) =>
        Lists.SelectMany(list => spec.Items(list).Select((container, index) => ($"{list}[{index}]", container)));

    /// <summary>The images, each once, in the order of the containers.</summary>
    public static IReadOnlyList<string> Images(JsonObject pod) => [.. Containers(pod.At("spec") as JsonObject).Select(each => each.Container.Text("image")).Distinct()];

    /// <summary>Which container has which image: what an update must not change unweighed.</summary>
    public static IEnumerable<(string Container, string Image)> ImagesByContainer(JsonObject pod) => Containers(pod.At("spec") as JsonObject).Select(each => (each.Container.Text("name"), each.Container.Text("image")));

    /// <summary>The account a pod runs as, also under the field's old name.</summary>
    public static string ServiceAccount(JsonObject pod) =>
        pod.Text("spec", "serviceAccountName") is { Length: > 0 } account ? account : pod.Text("spec", "serviceAccount") is { Length: > 0 } old ? old : "default";

    /// <summary>Where the pod template of a workload is; null for other kinds.</summary>
    public static JsonObject? Template(JsonObject workload) => workload.At("spec", "template") as JsonObject ?? workload.At("spec", "jobTemplate", "spec", "template") as JsonObject;

    /// <summary>A pod's specification without what an update may change.</summary>
    public static JsonObject WithoutImages(JsonObject pod)
    {
        var spec = (pod.At("spec") as JsonObject)?.Copy() ?? new JsonObject();
        foreach (var (_, container) in Containers(spec))
        {
            container.Remove("image");
        }

        return spec;
    }

    /// <summary>A pod's specification without its ephemeral containers.</summary>
    public static JsonObject WithoutEphemeral(JsonObject pod)
    {
        var spec = (pod.At("spec") as JsonObject)?.Copy() ?? new JsonObject();
        spec.Remove("ephemeralContainers");
        return spec;
    }
}
