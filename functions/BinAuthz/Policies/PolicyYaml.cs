using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BinAuthz.Policies;

/// <summary>YAML in the form that gcloud prints: block style, lists as deep as their key, quotes only where a plain text would be read otherwise.</summary>
internal static partial class PolicyYaml
{
    /// <summary>The document; it ends with a line break.</summary>
    public static string Write(JsonObject document)
    {
        var yaml = new StringBuilder();
        Fields(yaml, document, "", "");
        return yaml.ToString();
    }

    private static void Fields(StringBuilder yaml, JsonObject fields, string first, string indent)
    {
        var start = first;
        foreach (var (key, value) in fields)
        {
            yaml.Append(start).Append(Scalar(key)).Append(':');
            Value(yaml, value, indent);
            start = indent;
        }
    }

    private static void Value(StringBuilder yaml, JsonNode? value, string indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } fields:
                yaml.Append('\n');
                Fields(yaml, fields, indent + "  ", indent + "  ");
                break;
            case JsonArray { Count: > 0 } items:
                yaml.Append('\n');
                foreach (var item in items)
                {
                    Item(yaml, item, indent);
                }

                break;
            case JsonValue text:
                yaml.Append(' ').Append(Scalar(text.GetValue<string>())).Append('\n');
                break;
            default:
                yaml.Append(value is JsonArray ? " []\n" : " {}\n");
                break;
        }
    }

    private static void Item(StringBuilder yaml, JsonNode? item, string indent)
    {
        if (item is JsonObject { Count: > 0 } fields)
        {
            Fields(yaml, fields, $"{indent}- ", indent + "  ");
        }
        else
        {
            yaml.Append(indent).Append('-');
            Value(yaml, item, indent);
        }
    }

    // A text with a single quote that needs quotes gets double ones, as gcloud's printer has it.
    private static string Scalar(string text)
    {
        var needsQuotes = text.Length == 0 || NeedsQuotes().IsMatch(text);
        return Unprintable().IsMatch(text) || (needsQuotes && text.Contains('\'', StringComparison.Ordinal)) ? Escaped(text)
            : needsQuotes ? $"'{text}'"
            : text;
    }

    private static string Escaped(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var each in text)
        {
            quoted.Append(each switch
            {
                '"' or '\\' => $"\\{each}",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                _ when Unprintable().IsMatch(each.ToString()) => $"\\u{((int)each).ToString("x4", CultureInfo.InvariantCulture)}",
                _ => each.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]")]
    private static partial Regex Unprintable();

    // Indicators, comments, key marks, and what YAML 1.1 or 1.2 reads as another type than text.
    [GeneratedRegex(@"\A[\s,\[\]{}#&*!|>'""%@`=]|\A[-?:](?:\s|\z)|\A(?:---|\.\.\.)|:(?:\s|\z)|\s#|\s\z|\A(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|<<)\z|\A[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?\z|\A[-+]?0(?:b[01_]+|o?[0-7_]+|x[0-9a-fA-F_]+)\z|\A[-+]?\.(?:inf|Inf|INF|nan|NaN|NAN)\z|\A[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")]
    private static partial Regex NeedsQuotes();
}
