using System.Text.Json;
using BinAuthz.Admission;
using BinAuthz.Approval.Pushes;

namespace BinAuthz.Denials;

/// <summary>
/// Reads what Cloud Run logs about deployments of services, functions and jobs (docs: binary-authorization/docs/run/viewing-audit-logs-cloud-run).
/// How entries of break-glass and dry run look inside is not documented beyond the words that are searched for.
/// </summary>
internal static class CloudRunEntryReader
{
    private const string Unauthorized = "ContainerImageUnauthorized";
    private const string CheckFailed = "ContainerImageAuthorizationCheckFailed";

    // Cloud Run gives the reason Unauthorized to images that it may not pull, too.
    private const string ByPolicy = "not authorized by policy";

    private const string DryRun = "dry run";
    private const string Creator = "serving.knative.dev/creator";

    /// <summary>Reads an entry of service <c>run.googleapis.com</c>.</summary>
    public static LogReading Read(LoggedEntry entry)
    {
        var response = entry.Response;
        var conditions = response.Member("status").Items("conditions").Select(Read).Append(new Condition("", "", entry.Payload.Member("status").Text("message"))).ToList();
        var breakGlass = response.Member("metadata", "annotations").Text(BreakGlass.CloudRunAnnotation);
        var denied = conditions.Find(each => each.Reason == Unauthorized && each.Message.Contains(ByPolicy, StringComparison.Ordinal));
        var isRefused = denied is { Status: not "True" } && (denied.Status == "False" || entry.HasFailed);

        (FindingKind Kind, string Message)? told = denied switch
        {
            { } refused when isRefused => (FindingKind.Denial, refused.Message),
            _ when breakGlass.Length > 0 => (FindingKind.BreakGlass, (denied ?? conditions[^1]).Message),
            _ when conditions.Find(each => each.Reason == CheckFailed) is { } failed => (FindingKind.CheckFailed, failed.Message),
            _ when conditions.Find(IsDryRun) is { } dryRun => (FindingKind.DryRunDenial, dryRun.Message),
            { } unclear => (FindingKind.Denial, unclear.Message),
            _ => null,
        };
        return told is { } known
            ? Findings(entry, known.Kind, known.Message, breakGlass)
            : LogReading.None("what Cloud Run says of the deployment is not Binary Authorization's verdict");
    }

    private static LogReading Findings(LoggedEntry entry, FindingKind kind, string message, string justification)
    {
        var response = entry.Response;
        var isJob = entry.ResourceLabel("job_name").Length > 0;
        var spec = PodSpec(response.Member("spec"));
        var template = new Finding(kind, entry.Source(FindingPlatform.CloudRun, isJob ? "job_name" : "service_name"), null, LoggedText.Cut(message, LoggedText.MaximumMessage))
        {
            Workload = isJob ? $"Job/{entry.ResourceLabel("job_name")}" : entry.ResourceLabel("service_name") is { Length: > 0 } service ? $"Service/{service}" : "",
            ServiceAccount = LoggedText.Cut(spec.Text("serviceAccountName"), LoggedText.MaximumName),
            Principal = LoggedText.Cut(response.Member("metadata", "annotations").Text(Creator), LoggedText.MaximumName),
            Justification = LoggedText.Cut(justification, LoggedText.MaximumName),
        };

        // A tag in the spec was resolved to a digest, and that is what was judged.
        var images = spec.Items("containers").Select(container => container.Text("image")).Where(image => image.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        var resolved = response.Member("status").Text("imageDigest");
        var only = images is [var image] ? resolved.Length > 0 ? resolved : image : null;
        return LogReading.Of(new Verdict(message, images.Append(resolved)).Findings(template, only));
    }

    private static bool IsDryRun(Condition condition) =>
        condition.Message.Contains(DryRun, StringComparison.OrdinalIgnoreCase) && (condition.Message.Contains("policy", StringComparison.OrdinalIgnoreCase) || condition.Message.Contains("denied by", StringComparison.OrdinalIgnoreCase));

    // A revision has containers in its spec, an execution in the spec's template, a job in the template of that.
    private static JsonElement PodSpec(JsonElement spec)
    {
        for (var depth = 0; depth < 3 && spec.Member("containers").ValueKind != JsonValueKind.Array && spec.Member("template", "spec").ValueKind == JsonValueKind.Object; depth++)
        {
            spec = spec.Member("template", "spec");
        }

        return spec;
    }

    private static Condition Read(JsonElement condition) => new(condition.Text("reason"), condition.Text("status"), condition.Text("message"));

    private sealed record Condition(string Reason, string Status, string Message);
}
