using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Emulator.Cluster;

/// <summary>Objects as the rows that kubectl prints (meta.k8s.io/v1 Table).</summary>
internal static class ObjectTable
{
    private static readonly Column Name = new("Name", row => row.Name());
    private static readonly Column Ready = new("Ready", row => $"{row.Number("status", "readyReplicas") ?? 0}/{row.Number("spec", "replicas") ?? 1}");

    private static readonly Dictionary<string, Column[]> Columns = new(StringComparer.Ordinal)
    {
        ["Pod"] =
        [
            new("Ready", row => $"{row.Items("status", "containerStatuses").Count(status => status.At("started")?.ToJsonString() == "true")}/{row.Items("spec", "containers").Count()}"),
            new("Status", row => row.Text("status", "phase") is var phase && phase == "Succeeded" ? "Completed" : phase),
            new("Restarts", _ => 0, "integer"),
        ],
        ["Namespace"] = [new("Status", row => row.Text("status", "phase"))],
        ["Deployment"] = [Ready, Count("Up-to-date", "status", "updatedReplicas"), Count("Available", "status", "availableReplicas")],
        ["ReplicaSet"] = [Count("Desired", "spec", "replicas"), Count("Current", "status", "replicas"), Count("Ready", "status", "readyReplicas")],
        ["StatefulSet"] = [Ready],
        ["DaemonSet"] = [Count("Desired", "status", "desiredNumberScheduled"), Count("Current", "status", "currentNumberScheduled"), Count("Ready", "status", "numberReady")],
        ["Job"] = [new("Completions", row => $"{row.Number("status", "succeeded") ?? 0}/{row.Number("spec", "completions") ?? 1}")],
        ["CronJob"] = [new("Schedule", row => row.Text("spec", "schedule"))],
        ["ConfigMap"] = [new("Data", row => (row.At("data") as JsonObject)?.Count ?? 0, "integer")],
        ["Secret"] = [new("Type", row => row.Text("type")), new("Data", row => (row.At("data") as JsonObject)?.Count ?? 0, "integer")],
        ["Service"] = [new("Type", row => row.Text("spec", "type"))],
        ["Event"] =
        [
            new("Type", row => row.Text("type")), new("Reason", row => row.Text("reason")), new("Count", row => row.Number("count") ?? 1, "integer"),
            new("Object", row => $"{row.Text("involvedObject", "kind").ToLowerInvariant()}/{row.Text("involvedObject", "name")}"), new("Message", row => row.Text("message")),
        ],
    };

    public static JsonObject Of(ApiCall call, IReadOnlyList<JsonObject> rows, string version)
    {
        var now = call.Http.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        Column[] columns = [Name, .. Columns.GetValueOrDefault(call.Path.Kind.Kind, []), new("Age", row => Age(row, now))];
        var whole = call.Http.Query["includeObject"].ToString() == "Object";
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = new JsonObject { ["resourceVersion"] = version },
            ["columnDefinitions"] = new JsonArray([.. columns.Select((column, index) => new JsonObject
            {
                ["name"] = column.Title,
                ["type"] = column.Type,
                ["format"] = index == 0 ? "name" : "",
                ["description"] = "",
                ["priority"] = 0,
            })]),
            ["rows"] = new JsonArray([.. rows.Select(row => new JsonObject
            {
                ["cells"] = new JsonArray([.. columns.Select(column => column.Cell(row))]),
                ["object"] = whole ? row.DeepClone() : Metadata(row),
            })]),
        };
    }

    private static JsonObject Metadata(JsonObject row) => new() { ["kind"] = "PartialObjectMetadata", ["apiVersion"] = "meta.k8s.io/v1", ["metadata"] = row["metadata"]?.DeepClone() };

    private static Column Count(string title, string part, string field) => new(title, row => row.Number(part, field) ?? 0, "integer");

    private static string Age(JsonObject row, DateTimeOffset now)
    {
        if (!DateTimeOffset.TryParse(row.Text("metadata", "creationTimestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created))
        {
            return "<unknown>";
        }

        var age = now - created;
        return age switch
        {
            { TotalMinutes: < 2 } => $"{Math.Max(0, (int)age.TotalSeconds)}s",
            { TotalHours: < 3 } => $"{(int)age.TotalMinutes}m",
            { TotalDays: < 2 } => $"{(int)age.TotalHours}h",
            _ => $"{(int)age.TotalDays}d",
        };
    }

    private sealed record Column(string Title, Func<JsonObject, JsonNode> Cell, string Type = "string");
}
