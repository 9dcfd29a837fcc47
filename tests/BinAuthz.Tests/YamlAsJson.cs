using System.Globalization;
using System.Text.Json.Nodes;
using BinAuthz.Yaml;

namespace BinAuthz.Tests;

/// <summary>As an editor sees YAML: the types of its core schema.</summary>
internal static class YamlAsJson
{
    public static JsonNode? Of(YamlValue value) => value switch
    {
        YamlValue.Sequence sequence => new JsonArray([.. sequence.Items.Select(Of)]),
        YamlValue.Mapping mapping => new JsonObject(mapping.Entries.DistinctBy(entry => ((YamlValue.Scalar)entry.Key).Text).Select(entry => KeyValuePair.Create(((YamlValue.Scalar)entry.Key).Text, Of(entry.Value)))),
        YamlValue.Scalar { Plain: false } quoted => JsonValue.Create(quoted.Text),
        YamlValue.Scalar { Text: "" or "~" or "null" or "Null" or "NULL" } => null,
        YamlValue.Scalar { Text: "true" or "True" or "TRUE" } => JsonValue.Create(true),
        YamlValue.Scalar { Text: "false" or "False" or "FALSE" } => JsonValue.Create(false),
        YamlValue.Scalar { Text: var text } => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(text),
        _ => throw new InvalidOperationException(value.ToString()),
    };
}
