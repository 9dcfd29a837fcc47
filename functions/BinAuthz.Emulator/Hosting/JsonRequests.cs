using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;

namespace BinAuthz.Emulator.Hosting;

/// <summary>
/// Makes a JSON request what Google's front end takes it for: bytes may be base64url and unpadded, unknown fields are
/// refused. ASP.NET's transcoder does neither.
/// </summary>
internal static class JsonRequests
{
    /// <summary>Rewrites <paramref name="node"/> in place.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? Normalise(JsonNode? node, MessageDescriptor message, string path = "") => node switch
    {
        null => null,
        JsonObject json when !IsWellKnown(message) => NormaliseObject(json, message, path),
        JsonObject or JsonArray or JsonValue when IsWellKnown(message) => null,
        _ => $"Invalid value at '{path}': an object is expected.",
    };

    private static string? NormaliseObject(JsonObject json, MessageDescriptor message, string path)
    {
        foreach (var (name, value) in json.ToArray())
        {
            var field = message.FindFieldByName(name) ?? message.Fields.InDeclarationOrder().FirstOrDefault(field => field.JsonName == name);
            if (field is null)
            {
                return $"Invalid JSON payload received. Unknown name \"{name}\"{(path.Length == 0 ? "" : $" at '{path}'")}: Cannot find field.";
            }

            var error = NormaliseField(json, name, value, field, path.Length == 0 ? field.Name : $"{path}.{field.Name}");
            if (error is not null)
            {
                return error;
            }
        }

        return null;
    }

    private static string? NormaliseField(JsonObject json, string name, JsonNode? value, FieldDescriptor field, string path)
    {
        if (value is null && !TakesNull(field))
        {
            json.Remove(name);
        }

        if (field.IsMap || value is null)
        {
            return null;
        }

        if (value is JsonArray array && field.IsRepeated)
        {
            return NormaliseArray(array, field, path);
        }

        if (field.FieldType == FieldType.Message)
        {
            return Normalise(value, field.MessageType, path);
        }

        if (field.FieldType == FieldType.Bytes && value.GetValueKind() == JsonValueKind.String)
        {
            json[name] = StandardBase64(value.GetValue<string>());
        }

        return null;
    }

    private static string? NormaliseArray(JsonArray array, FieldDescriptor field, string path)
    {
        for (var index = 0; index < array.Count; index++)
        {
            if (field.FieldType == FieldType.Message && Normalise(array[index], field.MessageType, $"{path}[{index}]") is { } error)
            {
                return error;
            }

            if (field.FieldType == FieldType.Bytes && array[index]?.GetValueKind() == JsonValueKind.String)
            {
                array[index] = StandardBase64(array[index]!.GetValue<string>());
            }
        }

        return null;
    }

    private static string StandardBase64(string text)
    {
        var standard = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        return standard.PadRight((standard.Length + 3) / 4 * 4, '=');
    }

    // Elsewhere null says the same as leaving the field out, which ASP.NET's transcoder refuses for lists.
    private static bool TakesNull(FieldDescriptor field) =>
        !field.IsRepeated && ((field.FieldType == FieldType.Message && field.MessageType.FullName == "google.protobuf.Value") || (field.FieldType == FieldType.Enum && field.EnumType.FullName == "google.protobuf.NullValue"));

    private static bool IsWellKnown(MessageDescriptor message) => message.File.Package == "google.protobuf" && message.FullName != "google.protobuf.Empty";
}
