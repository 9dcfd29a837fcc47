using System.Text.Json;
using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Cluster;

/// <summary>Reads and makes fields of Kubernetes objects. Reading is lenient: what is missing or of another type is nothing.</summary>
internal static class Fields
{
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            node = node is JsonObject json && json.TryGetPropertyValue(name, out var value) ? value : null;
        }

        return node;
    }

    public static string Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";

    public static int? Number(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.Number && int.TryParse(value.ToJsonString(), out var number) ? number : null;

    public static IEnumerable<JsonObject> Items(this JsonNode? node, params ReadOnlySpan<string> path) => (node.At(path) as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>The strings of a map, such as labels.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Map(this JsonNode? node, params ReadOnlySpan<string> path) =>
        (node.At(path) as JsonObject)?.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Text())) ?? [];

    /// <summary>The object in a field, made when it is missing.</summary>
    public static JsonObject Child(this JsonObject node, string name)
    {
        if (node[name] is JsonObject child)
        {
            return child;
        }

        var made = new JsonObject();
        node[name] = made;
        return made;
    }

    /// <summary>Sets a field that is missing.</summary>
    public static void Default(this JsonObject node, string name, JsonNode? value)
    {
        if (node[name] is null)
        {
            node[name] = value;
        }
    }

    public static JsonObject Copy(this JsonObject node) => (JsonObject)node.DeepClone();

    public static string Name(this JsonObject node) => node.Text("metadata", "name");

    public static string Namespace(this JsonObject node) => node.Text("metadata", "namespace");

    public static string Uid(this JsonObject node) => node.Text("metadata", "uid");

    /// <summary>The reference to the controller that owns an object, or null.</summary>
    public static JsonObject? Controller(this JsonObject node) =>
        node.Items("metadata", "ownerReferences").FirstOrDefault(owner => owner.At("controller") is JsonValue value && value.GetValueKind() == JsonValueKind.True);

    public static bool IsControlledBy(this JsonObject node, JsonObject owner) => node.Controller() is { } reference && reference.Text("uid") == owner.Uid();
}
