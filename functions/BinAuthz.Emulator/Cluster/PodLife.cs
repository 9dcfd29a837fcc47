using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>The status of pods. No container runs: an admitted pod is Running at once, one of a Job has Succeeded.</summary>
internal static class PodLife
{
    private const string Node = "emulated-node";

    /// <summary>The status of a pod that was just created.</summary>
    public static JsonObject Pending() => new() { ["phase"] = "Pending", ["qosClass"] = "BestEffort" };

    /// <summary>The pod on its node.</summary>
    public static JsonObject Started(JsonObject pod, string now)
    {
        var started = pod.Copy();
        var spec = started.Child("spec");
        spec["nodeName"] = Node;
        var ended = pod.Controller()?.Text("kind") == "Job";
        started["status"] = new JsonObject
        {
            ["phase"] = ended ? "Succeeded" : "Running",
            ["conditions"] = new JsonArray([.. Conditions(ended, now)]),
            ["hostIP"] = "10.128.0.2",
            ["podIP"] = "10.8.0.2",
            ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = "10.8.0.2" }),
            ["startTime"] = now,
            ["qosClass"] = "BestEffort",
            ["initContainerStatuses"] = Statuses(spec, "initContainers", ended: true, now),
            ["containerStatuses"] = Statuses(spec, "containers", ended, now),
            ["ephemeralContainerStatuses"] = Statuses(spec, "ephemeralContainers", ended, now),
        };
        return started;
    }

    public static bool IsReady(JsonObject pod) => pod.Text("status", "phase") == "Running";

    private static IEnumerable<JsonNode> Conditions(bool ended, string now) =>
        ((string[])["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"]).Select(type => new JsonObject
        {
            ["type"] = type,
            ["status"] = ended && type is "Ready" or "ContainersReady" ? "False" : "True",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = now,
        });

    private static JsonArray Statuses(JsonObject spec, string list, bool ended, string now) => new([.. spec.Items(list).Select(container => new JsonObject
    {
        ["name"] = container.Text("name"),
        ["image"] = container.Text("image"),
        ["imageID"] = container.Text("image"),
        ["containerID"] = "",
        ["ready"] = true,
        ["started"] = !ended,
        ["restartCount"] = 0,
        ["lastState"] = new JsonObject(),
        ["state"] = ended
            ? new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = 0, ["reason"] = "Completed", ["startedAt"] = now, ["finishedAt"] = now } }
            : new JsonObject { ["running"] = new JsonObject { ["startedAt"] = now } },
    })]);
}
