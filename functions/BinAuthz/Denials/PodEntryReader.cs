using System.Text.Json;
using BinAuthz.Approval.Pushes;

namespace BinAuthz.Denials;

/// <summary>
/// Reads audit entries of pods in clusters of GKE and Google Distributed Cloud (docs: binary-authorization/docs/viewing-audit-logs).
/// A denial is told by the answer, everything else by labels of the entry, which the API server writes.
/// </summary>
internal static class PodEntryReader
{
    /// <summary>The admission webhook of GKE, and the prefix of the labels that it writes.</summary>
    public const string GkeWebhook = "imagepolicywebhook.image-policy.k8s.io";

    /// <summary>The same on Google Distributed Cloud.</summary>
    public const string DistributedCloudWebhook = "binaryauthorization.googleapis.com";

    private const string Create = "io.k8s.core.v1.pods.create";
    private const string RefusedBy = "admission webhook \"";
    private const string LegacyDenial = "image policy webhook backend denied";
    private const string FailedOpen = "failed-open";

    // Kubernetes' own annotation for a webhook that did not answer; a number of round and webhook follows.
    private const string AnyWebhookFailedOpen = "failed-open.validating.webhook.admission.k8s.io/";

    // Those that bring images; others, such as a deletion, answer with a pod too. kubectl's edit and debug patch.
    private static readonly string[] Methods =
    [
        Create,
        "io.k8s.core.v1.pods.update",
        "io.k8s.core.v1.pods.patch",
        "io.k8s.core.v1.pods.ephemeralcontainers.update",
        "io.k8s.core.v1.pods.ephemeralcontainers.patch",
    ];

    private static readonly string[] Webhooks = [GkeWebhook, DistributedCloudWebhook];
    private static readonly string[] FailOpenLabels = [$"{GkeWebhook}/{FailedOpen}", $"{DistributedCloudWebhook}/{FailedOpen}", $"image-policy.k8s.io/{FailedOpen}"];

    /// <summary>Reads an entry of service <c>k8s.io</c>.</summary>
    public static LogReading Read(LoggedEntry entry)
    {
        if (!Methods.Contains(entry.Method))
        {
            return LogReading.None($"'{entry.Method}' brings no images");
        }

        var pod = new LoggedPod(entry);
        return pod.IsAdmitted ? Admitted(entry, pod) : Refused(entry, pod);
    }

    private static LogReading Refused(LoggedEntry entry, LoggedPod pod)
    {
        var message = entry.Response.Text("message");
        return entry.Response.Text("reason") is "VIOLATES_POLICY" or "Forbidden" && IsDenial(message, entry.Response.Text("reason"))
            ? LogReading.Of(new Verdict(message, pod.Images).Findings(Template(FindingKind.Denial, entry, pod, message), pod.OnlyImage))
            : LogReading.None("the pod was refused, but not by Binary Authorization");
    }

    // Refusals of others repeat what a caller wrote: the name of the webhook that the API server gives decides, and before
    // there were webhook messages the API server's own sentence, in which nothing but the pod's name comes first.
    private static bool IsDenial(string message, string reason)
    {
        if (message.StartsWith(RefusedBy, StringComparison.Ordinal))
        {
            return Array.Exists(Webhooks, name => message.AsSpan(RefusedBy.Length).StartsWith($"{name}\"", StringComparison.Ordinal));
        }

        var legacy = message.IndexOf($" is forbidden: {LegacyDenial}", StringComparison.Ordinal);
        return (legacy >= 0 && message.AsSpan(0, legacy).Count(' ') <= 1)
            || (reason == "VIOLATES_POLICY" && (message.Contains(GkeWebhook, StringComparison.Ordinal) || message.Contains("denied by Binary Authorization", StringComparison.Ordinal) || message.Contains(LegacyDenial, StringComparison.Ordinal)));
    }

    private static LogReading Admitted(LoggedEntry entry, LoggedPod pod)
    {
        var labels = entry.Labels;
        var overridden = Label(labels, "overridden-verification-result");
        var verdict = new Verdict(overridden, pod.Images);
        if (Label(labels, "break-glass") == "true" || (entry.Method == Create && pod.AsksForBreakGlass))
        {
            var template = Template(FindingKind.BreakGlass, entry, pod, overridden.Length > 0 ? overridden : "break-glass");
            return LogReading.Of(verdict.Findings(template, pod.OnlyImage));
        }

        if (FailOpenLabel(labels) is { } label)
        {
            var template = Template(FindingKind.FailOpen, entry, pod, label);
            return LogReading.Of(pod.Images.Count == 0 ? [template] : [.. pod.Images.Select(image => template with { Image = Verdict.Kept(image) })]);
        }

        return Label(labels, "dry-run") == "true"
            ? LogReading.Of(verdict.Findings(Template(FindingKind.DryRunDenial, entry, pod, overridden.Length > 0 ? overridden : "dry-run"), pod.OnlyImage))
            : LogReading.None("the pod was admitted, and no label says that it should not have been");
    }

    private static string Label(JsonElement labels, string name) =>
        Webhooks.Select(webhook => labels.Text($"{webhook}/{name}")).FirstOrDefault(value => value.Length > 0) ?? "";

    // The webhook that did not answer is the value; the labels of Binary Authorization itself have one that is not documented.
    private static string? FailOpenLabel(JsonElement labels)
    {
        if (labels.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var label in labels.EnumerateObject().Where(label => label.Value.ValueKind == JsonValueKind.String))
        {
            var value = label.Value.GetString()!;
            if ((label.Name.StartsWith(AnyWebhookFailedOpen, StringComparison.Ordinal) && Webhooks.Contains(value)) || (FailOpenLabels.Contains(label.Name) && value != "false"))
            {
                return $"{label.Name}: {value}";
            }
        }

        return null;
    }

    private static Finding Template(FindingKind kind, LoggedEntry entry, LoggedPod pod, string message)
    {
        var platform = entry.Log == LoggedEntry.ExternalActivity ? FindingPlatform.DistributedCloud : FindingPlatform.Gke;
        return new Finding(kind, entry.Source(platform, "cluster_name"), null, LoggedText.Cut(message, LoggedText.MaximumMessage))
        {
            Namespace = pod.Namespace,
            Workload = pod.Workload,
            Pod = pod.AdmittedName,
            ServiceAccount = pod.ServiceAccount,
            Principal = entry.Principal,
        };
    }
}
