using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>
/// Kubernetes' strategic merge patch: as a merge patch, but lists of named things are merged by their keys. Source:
/// the patch strategies and merge keys in the Go types of the core API.
/// </summary>
internal static class StrategicMerge
{
    private const string Directive = "$patch";
    private const string Order = "$setElementOrder/";
    private const string Remove = "$deleteFromPrimitiveList/";
    private const string Retain = "$retainKeys";

    private static readonly Dictionary<string, string> MergeKeys = new(StringComparer.Ordinal)
    {
        ["containers"] = "name",
        ["initContainers"] = "name",
        ["ephemeralContainers"] = "name",
        ["volumes"] = "name",
        ["env"] = "name",
        ["imagePullSecrets"] = "name",
        ["secrets"] = "name",
        ["volumeMounts"] = "mountPath",
        ["volumeDevices"] = "devicePath",
        ["ports"] = "port",
        ["ownerReferences"] = "uid",
        ["hostAliases"] = "ip",
        ["topologySpreadConstraints"] = "topologyKey",
        ["conditions"] = "type",
    };

    /// <summary>Changes <paramref name="target"/> as <paramref name="patch"/> says.</summary>
    public static void Apply(JsonObject target, JsonObject patch)
    {
        if (patch[Retain] is JsonArray retained)
        {
            var kept = retained.Select(name => name.Text()).ToHashSet(StringComparer.Ordinal);
            target.Select(pair => pair.Key).Where(name => !kept.Contains(name)).ToList().ForEach(name => target.Remove(name));
        }

        foreach (var (name, value) in patch)
        {
            if (!name.StartsWith('$'))
            {
                ApplyField(target, name, value);
            }
            else if (name.StartsWith(Remove, StringComparison.Ordinal) && target[name[Remove.Length..]] is JsonArray primitives && value is JsonArray gone)
            {
                primitives.Where(item => gone.Any(other => JsonNode.DeepEquals(item, other))).ToList().ForEach(item => primitives.Remove(item));
            }
        }

        foreach (var (name, value) in patch.Where(pair => pair.Key.StartsWith(Order, StringComparison.Ordinal)))
        {
            Sort(target, name[Order.Length..], value as JsonArray ?? new JsonArray());
        }
    }

    private static void ApplyField(JsonObject target, string name, JsonNode? value)
    {
        switch (value)
        {
            case null:
                target.Remove(name);
                break;
            case JsonObject changes when changes.Text(Directive) == "delete":
                target.Remove(name);
                break;
            case JsonObject changes:
                var merged = changes.Text(Directive) == "replace" ? new JsonObject() : target[name] as JsonObject ?? new JsonObject();
                if (merged.Parent is null)
                {
                    target[name] = merged;
                }

                Apply(merged, changes);
                break;
            case JsonArray { Count: > 0 } changes when MergeKey(name, changes) is { } key:
                var list = target[name] as JsonArray ?? new JsonArray();
                if (list.Parent is null)
                {
                    target[name] = list;
                }

                Merge(list, changes, key);
                break;
            case JsonArray added when name == "finalizers" && target[name] is JsonArray existing:
                added.Where(item => !existing.Any(other => JsonNode.DeepEquals(item, other))).ToList().ForEach(item => existing.Add(item?.DeepClone()));
                break;
            default:
                target[name] = value.DeepClone();
                break;
        }
    }

    private static void Merge(JsonArray list, JsonArray changes, string key)
    {
        if (changes.OfType<JsonObject>().Any(change => change.Text(Directive) == "replace"))
        {
            list.Clear();
        }

        foreach (var change in changes.OfType<JsonObject>().Where(change => change.Text(Directive) != "replace"))
        {
            var existing = list.OfType<JsonObject>().FirstOrDefault(item => JsonNode.DeepEquals(item[key], change[key]));
            if (change.Text(Directive) == "delete")
            {
                list.Remove(existing);
                continue;
            }

            if (existing is null)
            {
                existing = new JsonObject();
                list.Add((JsonNode)existing);
            }

            Apply(existing, change);
        }
    }

    private static void Sort(JsonObject target, string name, JsonArray order)
    {
        if (target[name] is not JsonArray list || MergeKey(name, list) is not { } key)
        {
            return;
        }

        var places = order.OfType<JsonObject>().Select((item, place) => (item[key]?.ToJsonString() ?? "", place)).DistinctBy(pair => pair.Item1).ToDictionary();
        var sorted = list.OrderBy(item => places.GetValueOrDefault(item.At(key)?.ToJsonString() ?? "", int.MaxValue)).Select(item => item?.DeepClone()).ToArray();
        target[name] = new JsonArray(sorted);
    }

    // Ports of containers have another key than those of services.
    private static string? MergeKey(string name, JsonArray items) => !items.All(item => item is JsonObject)
        ? null
        : name == "ports" && items.Any(item => item.At("containerPort") is not null) ? "containerPort" : MergeKeys.GetValueOrDefault(name);
}
