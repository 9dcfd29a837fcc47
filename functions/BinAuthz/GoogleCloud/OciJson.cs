using System.Text.Json;

namespace BinAuthz.GoogleCloud;

/// <summary>
/// Takes members out of OCI documents. Container runtimes are written in Go, whose JSON reader takes a member whatever
/// the case of its name, and the last of several (docs: pkg.go.dev/encoding/json#Unmarshal). A document that has a member
/// twice in that sense would be weighed as one thing and run as another, and is refused.
/// </summary>
internal static class OciJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>What every read of a member can throw for a document that others wrote.</summary>
    public static bool IsUnreadable(Exception error) => error is JsonException or InvalidOperationException;

    /// <exception cref="JsonException">It is no JSON, or a name stands twice in an object.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> bytes) => JsonDocument.Parse(bytes, Strict);

    /// <summary>A member of an object; null when it is not there or null.</summary>
    /// <exception cref="JsonException">The value is no object, or the member is there several times.</exception>
    public static JsonElement? Member(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException($"an object with '{name}' is expected");
        }

        JsonElement? found = null;
        foreach (var member in value.EnumerateObject().Where(member => IsCalled(member.Name, name)))
        {
            found = found is null ? member.Value : throw new JsonException($"'{name}' is there several times");
        }

        return found is { ValueKind: JsonValueKind.Null } ? null : found;
    }

    /// <summary>A text; empty when it is not there.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static string Text(JsonElement value, string name) => Member(value, name) switch
    {
        null => "",
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        _ => throw new JsonException($"'{name}' is no text"),
    };

    /// <summary>The items of a list; null when it is not there.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static IReadOnlyList<JsonElement>? Items(JsonElement value, string name) => Member(value, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
        _ => throw new JsonException($"'{name}' is no list"),
    };

    // The long s and the Kelvin sign are letters that Go folds to ASCII, and .NET does not.
    private static bool IsCalled(string actual, string name) =>
        actual.Replace('\u017F', 's').Replace('\u212A', 'k').Equals(name, StringComparison.OrdinalIgnoreCase);
}
