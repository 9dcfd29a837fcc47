using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Google.Cloud.Functions.Framework.LegacyEvents;

/// <summary>Reads optional members of a JSON object; a member of the wrong type makes the event unreadable.</summary>
internal static class JsonMembers
{
    public static JsonObject? OptionalObject(this JsonObject json, string name) => json[name] switch
    {
        null => null,
        JsonObject value => value,
        _ => throw Wrong(name, "an object"),
    };

    public static string? OptionalString(this JsonObject json, string name) => json[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => throw Wrong(name, "a string"),
    };

    public static DateTimeOffset? OptionalTime(this JsonObject json, string name)
    {
        if (json.OptionalString(name) is not { } text)
        {
            return null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw Wrong(name, "an RFC 3339 time");
    }

    public static byte[] ToUtf8Bytes(JsonObject json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            json.WriteTo(writer);
        }

        return buffer.ToArray();
    }

    private static UnreadableEventException Wrong(string name, string expected) =>
        new($"The event is malformed: '{name}' must be {expected}.");
}
