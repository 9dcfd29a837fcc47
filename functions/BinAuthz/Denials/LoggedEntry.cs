using System.Text.Json;
using BinAuthz.Approval.Pushes;

namespace BinAuthz.Denials;

/// <summary>A log entry and the fields that all kinds share.</summary>
internal sealed class LoggedEntry(JsonElement json)
{
    /// <summary>Admin Activity, where GKE and the APIs log; nobody else can write it.</summary>
    public const string Activity = "cloudaudit.googleapis.com/activity";

    /// <summary>The same for clusters of Google Distributed Cloud.</summary>
    public const string ExternalActivity = "externalaudit.googleapis.com/activity";

    /// <summary>Where Cloud Run logs what became of a deployment.</summary>
    public const string SystemEvent = "cloudaudit.googleapis.com/system_event";

    /// <summary>Where continuous validation logs.</summary>
    public const string ContinuousValidation = "binaryauthorization.googleapis.com/continuous_validation";

    /// <summary>Where the rotation of keys tells of revocations, and the audit of findings.</summary>
    public const string Ours = "binauthz";

    private const string LogsOf = "/logs/";

    /// <summary>The id of the log, decoded, such as <see cref="Activity"/>; empty when there is none.</summary>
    public string Log { get; } = LogOf(json.Text("logName"));

    /// <summary>The audited service; empty when the entry is no audit entry.</summary>
    public string Service { get; } = json.Member("protoPayload").Text("serviceName");

    /// <summary>The name of the audited method as it stands.</summary>
    public string Method { get; } = json.Member("protoPayload").Text("methodName");

    public JsonElement Json => json;

    public JsonElement Payload => json.Member("protoPayload");

    public JsonElement Request => Payload.Member("request");

    public JsonElement Response => Payload.Member("response");

    public JsonElement Labels => json.Member("labels");

    /// <summary>A label of the resource; empty when there is none.</summary>
    public string ResourceLabel(string name) => LoggedText.Cut(json.Member("resource", "labels").Text(name), LoggedText.MaximumName);

    /// <summary>Who called; empty when the entry does not tell, as those of system events do not.</summary>
    public string Principal
    {
        get
        {
            var caller = Payload.Member("authenticationInfo");
            var name = caller.Text("principalEmail") is { Length: > 0 } email ? email : caller.Text("principalSubject");
            return LoggedText.Cut(name, LoggedText.MaximumName);
        }
    }

    /// <summary>Whether the audited call failed.</summary>
    public bool HasFailed => Payload.Member("status").HasFailed();

    /// <summary>The source of findings.</summary>
    /// <param name="platform">The platform.</param>
    /// <param name="name">The resource label that names the cluster, service or job; null for changes of what is trusted.</param>
    public FindingSource Source(FindingPlatform platform, string? name)
    {
        var logName = LoggedText.Cut(json.Text("logName"), LoggedText.MaximumName);
        var project = ResourceLabel("project_id") is { Length: > 0 } label ? label : logName.Split('/') is ["projects", var id, ..] ? id : "";
        var place = name is null ? "" : string.Join('.', new[] { ResourceLabel("location"), ResourceLabel(name) }.Where(part => part.Length > 0));
        var time = json.Time()?.ToUniversalTime() ?? DateTimeOffset.UnixEpoch;
        return new FindingSource(LoggedText.Cut(json.Text("insertId"), LoggedText.MaximumName), time, project, platform, place, logName);
    }

    private static string LogOf(string logName)
    {
        var at = logName.IndexOf(LogsOf, StringComparison.Ordinal);
        return at < 0 ? "" : LoggedText.Cut(Uri.UnescapeDataString(logName[(at + LogsOf.Length)..]), LoggedText.MaximumName);
    }
}
