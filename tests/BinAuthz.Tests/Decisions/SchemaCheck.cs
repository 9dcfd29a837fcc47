using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BinAuthz.Tests.Decisions;

/// <summary>Checks a document by the keywords that our schema uses, and refuses a schema that uses others.</summary>
internal sealed class SchemaCheck(JsonNode root)
{
    /// <summary>What is wrong with <paramref name="value"/>; empty: nothing.</summary>
    public IEnumerable<string> Faults(JsonNode? value) => Faults(root, value, "$");

    private IEnumerable<string> Faults(JsonNode schema, JsonNode? value, string at) =>
        schema.AsObject().SelectMany(rule => Weigh(rule.Key, rule.Value!, schema, value, at));

    private IEnumerable<string> Weigh(string keyword, JsonNode rule, JsonNode schema, JsonNode? value, string at) => keyword switch
    {
        "$schema" or "$id" or "$defs" or "title" or "description" => [],
        "$ref" => Faults(root["$defs"]![((string)rule!)["#/$defs/".Length..]]!, value, at),
        "type" => value?.GetValueKind().ToString().ToLowerInvariant() == (string?)rule ? [] : [$"{at} is no {rule}"],
        "const" => JsonNode.DeepEquals(rule, value) ? [] : [$"{at} is not {rule}"],
        "enum" => rule.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)) ? [] : [$"{at} is none of {rule.ToJsonString()}"],
        "pattern" => Regex.IsMatch((string)value!, (string)rule!) ? [] : [$"{at} does not match {rule}"],
        "format" => DateTimeOffset.TryParse((string)value!, CultureInfo.InvariantCulture, out _) ? [] : [$"{at} is no {rule}"],
        "required" => rule.AsArray().Select(name => (string)name!).Where(name => value?[name] is null).Select(name => $"{at} has no {name}"),
        "additionalProperties" => value!.AsObject().Where(field => schema["properties"]![field.Key] is null).Select(field => $"{at} has {field.Key}"),
        "properties" => rule.AsObject().Where(field => value?[field.Key] is not null).SelectMany(field => Faults(field.Value!, value![field.Key], $"{at}.{field.Key}")),
        "items" => value!.AsArray().SelectMany((item, index) => Faults(rule, item, $"{at}[{index}]")),
        _ => throw new InvalidOperationException($"The schema uses {keyword}, which this check does not know."),
    };
}
