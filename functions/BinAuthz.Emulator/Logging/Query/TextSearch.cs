using System.Text.Json;

namespace BinAuthz.Emulator.Logging.Query;

/// <summary>Looks for a text in every value, and in the keys that the writer of the entry chose.</summary>
internal static class TextSearch
{
    // Below these, keys are data; elsewhere they are the names of fields.
    private static readonly HashSet<string> Open = ["labels", "jsonPayload", "request", "response", "metadata", "resourceOriginalState", "serviceMetadata", "thirdPartyClaims"];

    public static bool Contains(JsonElement element, string text) => Contains(element, text, keysToo: false);

    /// <summary>The text of a scalar as filters see it.</summary>
    public static string Scalar(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();

    private static bool Contains(JsonElement element, string text, bool keysToo) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Any(property =>
            (keysToo && property.Name.Contains(text, StringComparison.OrdinalIgnoreCase)) || Contains(property.Value, text, keysToo || Open.Contains(property.Name))),
        JsonValueKind.Array => element.EnumerateArray().Any(item => Contains(item, text, keysToo)),
        _ => Scalar(element).Contains(text, StringComparison.OrdinalIgnoreCase),
    };
}
