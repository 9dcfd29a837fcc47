using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Cloud.Logging.Type;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Enum = System.Enum;

namespace BinAuthz.Emulator.Logging.Query;

/// <summary>One field compared with one value. A repeated field matches when one of its elements does.</summary>
internal sealed class Comparison
{
    private readonly string query;
    private readonly FieldPath path;
    private readonly QueryToken value;
    private readonly Func<JsonElement, bool> test;

    public Comparison(string query, FieldPath path, string comparison, QueryToken value)
    {
        (this.query, this.path, this.value) = (query, path, value);
        test = comparison switch
        {
            "=~" => Expression(),
            "!~" => Not(Expression()),
            ":" when value is { Kind: QueryTokenKind.Word, Text: "*" } => element => element.ValueKind != JsonValueKind.Null,
            ":" => element => TextSearch.Contains(element, value.Text),
            _ => Ordered(comparison),
        };
    }

    public bool Matches(JsonElement entry)
    {
        var found = false;
        foreach (var element in path.Values(entry))
        {
            found = true;
            if (test(element))
            {
                return true;
            }
        }

        return !found && IsDefaulted && test(Default);
    }

    // A missing field of the entry itself counts as its default, but is not there for ":*".
    private bool IsDefaulted => path.Field is { IsMap: false, IsRepeated: false, FieldType: not FieldType.Message } && !(value.Kind == QueryTokenKind.Word && value.Text == "*");

    private JsonElement Default => JsonSerializer.SerializeToElement(path.Field!.FieldType switch
    {
        FieldType.Enum => path.Field.EnumType.FindValueByNumber(0).Name,
        FieldType.Bool => "false",
        FieldType.String => "",
        _ => "0",
    });

    private Func<JsonElement, bool> Ordered(string comparison)
    {
        var holds = Sign(comparison);
        if (path.Field is { FieldType: FieldType.Enum } field && field.EnumType.FullName == "google.logging.type.LogSeverity")
        {
            var severity = Severity(value.Text) ?? throw QuerySyntax.Error(query, value.Position, $"'{value.Text}' is no severity.");
            return element => Severity(TextSearch.Scalar(element)) is { } actual && holds(actual.CompareTo(severity));
        }

        if (path.Field is { FieldType: FieldType.Message } && path.Field.MessageType.FullName == Timestamp.Descriptor.FullName)
        {
            var moment = Moment(value.Text) ?? throw QuerySyntax.Error(query, value.Position, $"'{value.Text}' is no time in RFC 3339, such as \"2026-01-31T00:00:00Z\".");
            return element => Moment(TextSearch.Scalar(element)) is { } actual && holds(actual.CompareTo(moment));
        }

        return element => element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null) && holds(Compare(TextSearch.Scalar(element), value.Text));
    }

    private static Func<int, bool> Sign(string comparison) => comparison switch
    {
        "=" => sign => sign == 0,
        "!=" => sign => sign != 0,
        ">" => sign => sign > 0,
        ">=" => sign => sign >= 0,
        "<" => sign => sign < 0,
        _ => sign => sign <= 0,
    };

    private static int Compare(string actual, string wanted) =>
        double.TryParse(actual, NumberStyles.Float, CultureInfo.InvariantCulture, out var left) && double.TryParse(wanted, NumberStyles.Float, CultureInfo.InvariantCulture, out var right)
            ? left.CompareTo(right)
            : string.Compare(actual, wanted, StringComparison.OrdinalIgnoreCase);

    private Func<JsonElement, bool> Expression()
    {
        try
        {
            var expression = new Regex(value.Text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return element => element.ValueKind != JsonValueKind.Object && expression.IsMatch(TextSearch.Scalar(element));
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw QuerySyntax.Error(query, value.Position, $"the regular expression is not valid: {error.Message}");
        }
    }

    private static Func<JsonElement, bool> Not(Func<JsonElement, bool> inner) => element => !inner(element);

    private static int? Severity(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : Enum.TryParse<LogSeverity>(text, ignoreCase: true, out var severity) ? (int)severity : null;

    private static Timestamp? Moment(string text)
    {
        try
        {
            return JsonParser.Default.Parse<Timestamp>($"\"{(text.Length == "2026-01-31".Length ? text + "T00:00:00Z" : text)}\"");
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
