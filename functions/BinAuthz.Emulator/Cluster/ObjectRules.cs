using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BinAuthz.Emulator.Cluster;

/// <summary>What the API server refuses, as far as the cluster relies on it. Fields that the cluster does not look at are not checked.</summary>
internal static partial class ObjectRules
{
    /// <exception cref="StatusException">400 or 422.</exception>
    public static void Check(KubernetesKind kind, JsonObject row)
    {
        if (row.Name().Length > 253 || !Name().IsMatch(row.Name()))
        {
            throw StatusException.Invalid(kind, row.Name(), "metadata.name", $"Invalid value: \"{row.Name()}\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character");
        }

        foreach (var map in (string[])["labels", "annotations"])
        {
            CheckMap(kind, row, map);
        }

        if (kind == KubernetesKinds.Pod)
        {
            CheckPodSpec(kind, row, row.At("spec"), "spec");
        }
        else if (KubernetesKinds.Workloads.Contains(kind) || kind == KubernetesKinds.CronJob)
        {
            CheckWorkload(kind, row);
        }
    }

    /// <summary>What an update must leave as it is.</summary>
    /// <exception cref="StatusException">422.</exception>
    public static void CheckUpdate(KubernetesKind kind, string subresource, JsonObject before, JsonObject after)
    {
        if (subresource == "ephemeralcontainers")
        {
            if (!JsonNode.DeepEquals(PodSpec.WithoutEphemeral(before), PodSpec.WithoutEphemeral(after)))
            {
                throw StatusException.Invalid(kind, after.Name(), "spec", "Forbidden: only spec.ephemeralContainers may change here");
            }
        }
        else if (kind == KubernetesKinds.Pod && !JsonNode.DeepEquals(PodSpec.WithoutImages(before), PodSpec.WithoutImages(after)))
        {
            throw StatusException.Invalid(kind, after.Name(), "spec", "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`");
        }

        if (KubernetesKinds.Workloads.Contains(kind) && !JsonNode.DeepEquals(before.At("spec", "selector"), after.At("spec", "selector")))
        {
            throw StatusException.Invalid(kind, after.Name(), "spec.selector", "Invalid value: field is immutable");
        }

        if (kind == KubernetesKinds.Job && !JsonNode.DeepEquals(before.At("spec", "template"), after.At("spec", "template")))
        {
            throw StatusException.Invalid(kind, after.Name(), "spec.template", "Invalid value: field is immutable");
        }
    }

    private static void CheckMap(KubernetesKind kind, JsonObject row, string map)
    {
        var node = row.At("metadata", map);
        if (node is not (null or JsonObject) || (node as JsonObject)?.Any(pair => pair.Value?.GetValueKind() != JsonValueKind.String) == true)
        {
            throw StatusException.BadRequest($"{kind} in version \"v1\" cannot be handled as a {kind}: metadata.{map} must be a map of strings");
        }
    }

    private static void CheckWorkload(KubernetesKind kind, JsonObject row)
    {
        if (PodSpec.Template(row) is not { } template)
        {
            throw StatusException.Invalid(kind, row.Name(), "spec.template", "Required value");
        }

        CheckPodSpec(kind, row, template.At("spec"), kind == KubernetesKinds.CronJob ? "spec.jobTemplate.spec.template.spec" : "spec.template.spec");
        if (kind == KubernetesKinds.Job || kind == KubernetesKinds.CronJob)
        {
            return;
        }

        if (kind.Scales && row.Number("spec", "replicas") is null or < 0)
        {
            throw StatusException.Invalid(kind, row.Name(), "spec.replicas", "Invalid value: must be greater than or equal to 0");
        }

        var wanted = row.Map("spec", "selector", "matchLabels").ToList();
        if (wanted.Count == 0 && !row.Items("spec", "selector", "matchExpressions").Any())
        {
            throw StatusException.Invalid(kind, row.Name(), "spec.selector", "Required value");
        }

        if (wanted.Exists(label => template.Text("metadata", "labels", label.Key) != label.Value))
        {
            throw StatusException.Invalid(kind, row.Name(), "spec.template.metadata.labels", "Invalid value: `selector` does not match template `labels`");
        }
    }

    private static void CheckPodSpec(KubernetesKind kind, JsonObject row, JsonNode? spec, string where)
    {
        if (!spec.Items("containers").Any())
        {
            throw StatusException.Invalid(kind, row.Name(), $"{where}.containers", "Required value");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (field, container) in PodSpec.Containers(spec as JsonObject))
        {
            if (container.Text("name") is not { Length: > 0 } name)
            {
                throw StatusException.Invalid(kind, row.Name(), $"{where}.{field}.name", "Required value");
            }

            if (!names.Add(name))
            {
                throw StatusException.Invalid(kind, row.Name(), $"{where}.{field}.name", $"Duplicate value: \"{name}\"");
            }

            if (container.Text("image").Length == 0)
            {
                throw StatusException.Invalid(kind, row.Name(), $"{where}.{field}.image", "Required value");
            }
        }
    }

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\z")]
    private static partial Regex Name();
}
