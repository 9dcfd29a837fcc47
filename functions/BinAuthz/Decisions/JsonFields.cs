using System.Text.Json;

namespace BinAuthz.Decisions;

/// <summary>Reads fields that must be there; whatever is missing or of another kind is a <see cref="FormatException"/> that names it.</summary>
internal static class JsonFields
{
    /// <summary>A field of an object.</summary>
    public static JsonElement Get(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : throw new FormatException($"it has no field '{name}'");

    /// <summary>The text of a field.</summary>
    public static string Text(JsonElement json, string name) =>
        Get(json, name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : throw new FormatException($"its field '{name}' is no text");

    /// <summary>The elements of an array.</summary>
    public static IEnumerable<JsonElement> Array(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array ? json.EnumerateArray() : throw new FormatException($"a list is expected, and {json.ValueKind} is there");
}
