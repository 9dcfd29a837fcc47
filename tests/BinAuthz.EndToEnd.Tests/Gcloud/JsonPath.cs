using System.Globalization;
using System.Text.Json.Nodes;

namespace BinAuthz.EndToEnd.Tests.Gcloud;

/// <summary>A value in a JSON document: names joined by dots, positions in brackets, such as <c>bindings[0].role</c>.</summary>
internal static class JsonPath
{
    /// <summary>The value as text (objects and arrays as JSON), or null where there is none.</summary>
    public static string? Value(JsonNode? node, string path)
    {
        foreach (var part in path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node switch
            {
                JsonArray array when part[0] == '[' => Item(array, part),
                JsonObject json when part[0] != '[' => json[part],
                _ => null,
            };
        }

        return node is JsonObject or JsonArray ? node.ToJsonString() : node?.ToString();
    }

    private static JsonNode? Item(JsonArray array, string part)
    {
        var index = int.Parse(part.AsSpan(1, part.Length - 2), CultureInfo.InvariantCulture);
        return index < array.Count ? array[index] : null;
    }
}
