using System.Text.Json;
using System.Text.RegularExpressions;
using BinAuthz.Approval.Pushes;
using BinAuthz.Denials;

namespace BinAuthz.Auditing.Facts;

/// <summary>What the log of a cluster tells of pods that break-glass let in: when they were deleted, and who changed the Deployment that made them.</summary>
internal static partial class BreakGlassLog
{
    /// <summary>How many names one query asks for; a query has at most 20,000 characters (docs: logging/quotas).</summary>
    public const int MaximumNames = 100;

    private const string Deleted = "io.k8s.core.v1.pods.delete";
    private const string ControllerPrefix = "system:";

    /// <summary>The query for what happened to the pods and workloads of some groups.</summary>
    /// <returns>Null: nothing can be asked for.</returns>
    public static string? Filter(IEnumerable<FindingGroup> groups)
    {
        string[] names = [.. groups.SelectMany(group => Pods(group).Append(Deployment(group) ?? "")).Where(name => name.Length > 0 && Plain().IsMatch(name)).Distinct(StringComparer.Ordinal).Take(MaximumNames)];
        return names.Length == 0 ? null : $"""
            resource.type="k8s_cluster"
            logName:"cloudaudit.googleapis.com%2Factivity"
            protoPayload.methodName=("{Deleted}" OR "io.k8s.apps.v1.deployments.create" OR "io.k8s.apps.v1.deployments.update" OR "io.k8s.apps.v1.deployments.patch")
            protoPayload.resourceName=({string.Join(" OR ", names.Select(name => $"\"{name}\""))})
            """;
    }

    /// <summary>Adds to an event what the entries tell.</summary>
    public static AuditedEvent Complete(AuditedEvent happened, IReadOnlyList<byte[]> entries)
    {
        var group = happened.Group;
        LoggedEntry[] read = [.. entries.Select(Parse).Where(entry => entry.Source(FindingPlatform.Gke, "cluster_name").Place == group.Latest.Source.Place && !entry.HasFailed)];
        var deletions = read.Where(entry => entry.Method == Deleted).ToLookup(Resource, Time);
        string[] pods = [.. Pods(group)];
        var deployment = Deployment(group);
        var change = read.Where(entry => entry.Method != Deleted && Resource(entry) == deployment && Time(entry) <= group.First).MaxBy(Time);
        return happened with
        {
            Ended = pods.Length > 0 && pods.All(deletions.Contains) ? pods.Max(pod => deletions[pod].Max()) : null,
            ChangedBy = change?.Principal ?? "",
        };
    }

    /// <summary>Whether a controller of Kubernetes asked, and not a person.</summary>
    public static bool IsController(string principal) => principal.StartsWith(ControllerPrefix, StringComparison.Ordinal);

    private static IEnumerable<string> Pods(FindingGroup group) => group.Pods.Select(pod => $"core/v1/namespaces/{group.Latest.Namespace}/pods/{pod}");

    private static string? Deployment(FindingGroup group) => group.Latest.Workload.Split('/') is ["Deployment", var name] ? $"apps/v1/namespaces/{group.Latest.Namespace}/deployments/{name}" : null;

    private static string Resource(LoggedEntry entry) => entry.Payload.Text("resourceName");

    private static DateTimeOffset Time(LoggedEntry entry) => entry.Json.Time()?.ToUniversalTime() ?? DateTimeOffset.MaxValue;

    private static LoggedEntry Parse(byte[] json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = LogEntryReader.MaximumDepth });
        return new LoggedEntry(document.RootElement.Clone());
    }

    [GeneratedRegex(@"\A[a-z0-9./-]{1,400}\z")]
    private static partial Regex Plain();
}
