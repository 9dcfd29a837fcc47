using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BinAuthz.Emulator.Cluster;

/// <summary>Which objects a list or watch is about: <c>labelSelector</c> and <c>fieldSelector</c>.</summary>
internal sealed partial class Selector
{
    private readonly List<Predicate<JsonObject>> conditions = [];

    /// <summary>Reads both selectors.</summary>
    /// <exception cref="StatusException">400: one cannot be read.</exception>
    public static Selector Parse(string labels, string fields)
    {
        var selector = new Selector();
        foreach (Match term in Terms().Matches(labels))
        {
            selector.conditions.Add(LabelCondition(term.Value.Trim()));
        }

        foreach (var term in fields.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            selector.conditions.Add(FieldCondition(term));
        }

        return selector;
    }

    public bool Matches(JsonObject row) => conditions.TrueForAll(condition => condition(row));

    private static Predicate<JsonObject> LabelCondition(string term)
    {
        var match = LabelTerm().Match(term);
        if (!match.Success)
        {
            throw StatusException.BadRequest($"unable to parse requirement: {term}");
        }

        var key = match.Groups["key"].Value;
        if (match.Groups["set"].Success)
        {
            var values = match.Groups["values"].Value.Split(',', StringSplitOptions.TrimEntries);
            return match.Groups["set"].Value == "in"
                ? row => Label(row, key) is { } value && values.Contains(value)
                : row => Label(row, key) is not { } value || !values.Contains(value);
        }

        var wanted = match.Groups["value"].Value;
        return match.Groups["operator"].Value switch
        {
            "" => match.Groups["not"].Success ? row => Label(row, key) is null : row => Label(row, key) is not null,
            "!=" => row => Label(row, key) != wanted,
            _ => row => Label(row, key) == wanted,
        };
    }

    private static Predicate<JsonObject> FieldCondition(string term)
    {
        var match = FieldTerm().Match(term);
        if (!match.Success)
        {
            throw StatusException.BadRequest($"invalid field selector: {term}");
        }

        var path = match.Groups["path"].Value.Split('.');
        var wanted = match.Groups["value"].Value;
        return match.Groups["operator"].Value == "!=" ? row => row.Text(path) != wanted : row => row.Text(path) == wanted;
    }

    private static string? Label(JsonObject row, string key) => row.At("metadata", "labels", key) is { } value ? value.Text() : null;

    [GeneratedRegex(@"(?:[^,(]|\([^)]*\))+")]
    private static partial Regex Terms();

    [GeneratedRegex(@"\A(?<not>!)?\s*(?<key>[A-Za-z0-9_./-]+)\s*(?:(?<operator>==|=|!=)\s*(?<value>[A-Za-z0-9_.-]*)|(?<set>in|notin)\s*\((?<values>[^)]*)\))?\z")]
    private static partial Regex LabelTerm();

    [GeneratedRegex(@"\A(?<path>[A-Za-z0-9.]+)(?<operator>==|=|!=)(?<value>.*)\z")]
    private static partial Regex FieldTerm();
}
