using System.Text.Json;
using BinAuthz.Approval.Pushes;

namespace BinAuthz.Denials;

/// <summary>
/// Reads what continuous validation found in running pods, or why it could not look (proto:
/// binaryauthorization/v1beta1/continuous_validation_logging.proto).
/// </summary>
internal static class ContinuousValidationReader
{
    /// <summary>Reads an entry of that log.</summary>
    public static LogReading Read(LoggedEntry entry)
    {
        var payload = entry.Json.Member("jsonPayload");
        if (payload.Member("configErrorEvent") is { ValueKind: JsonValueKind.Object } error)
        {
            return LogReading.Of(Template(entry, error.Text("description")));
        }

        var pod = payload.Member("podEvent");
        return pod.Text("verdict") == "VIOLATES_POLICY" ? LogReading.Of(Violations(entry, pod)) : LogReading.None("the pod does not violate the platform policy");
    }

    private static List<Finding> Violations(LoggedEntry entry, JsonElement pod)
    {
        var findings = pod.Items("images").Where(image => image.Text("result") == "DENY").DistinctBy(image => image.Text("image")).Select(image => Template(entry, Explanations(image)) with
        {
            Image = image.Text("image") is { Length: > 0 } name ? Verdict.Kept(name) : null,
        }).DefaultIfEmpty(Template(entry, pod.Text("policyName")));
        return [.. findings.Select(finding => finding with
        {
            Namespace = LoggedText.Cut(pod.Text("podNamespace"), LoggedText.MaximumName),
            Workload = PodOwner.OfPodNamed(pod.Text("pod")),
        })];
    }

    private static string Explanations(JsonElement image)
    {
        var said = image.Items("checkResults").Where(check => check.Text("verdict") != "CONFORMANT").Select(check => check.Text("explanation")).Append(image.Text("description"));
        return string.Join('\n', said.Where(text => text.Length > 0).Distinct(StringComparer.Ordinal));
    }

    private static Finding Template(LoggedEntry entry, string message) =>
        new(FindingKind.ContinuousValidation, entry.Source(FindingPlatform.Gke, "cluster_name"), null, LoggedText.Cut(message, LoggedText.MaximumMessage));
}
