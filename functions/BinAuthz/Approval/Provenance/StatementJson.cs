using System.Text.Json;

namespace BinAuthz.Approval.Provenance;

/// <summary>Values of a signed statement. What is absent, or of another type, is null, never a default.</summary>
internal static class StatementJson
{
    /// <summary>The value at the end of a path of property names.</summary>
    public static JsonElement? Find(JsonElement? element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element is not { ValueKind: JsonValueKind.Object } value || !value.TryGetProperty(name, out var next))
            {
                return null;
            }

            element = next;
        }

        return element;
    }

    /// <summary>A text.</summary>
    public static string? Text(JsonElement? element) => element is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>The items of a list; none when it is no list.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];
}
