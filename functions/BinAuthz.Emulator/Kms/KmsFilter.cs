using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;

namespace BinAuthz.Emulator.Kms;

/// <summary>The filters of Cloud KMS lists: comparisons such as <c>state=ENABLED</c> or <c>labels.team:core</c>, joined by AND.</summary>
internal static partial class KmsFilter
{
    /// <summary>The items that a filter lets through.</summary>
    /// <param name="items">Everything.</param>
    /// <param name="filter">Empty lets everything through.</param>
    /// <param name="field">The text of a field of an item; null when there is no such field.</param>
    public static IReadOnlyList<T> Apply<T>(IReadOnlyList<T> items, string filter, Func<T, string, string?> field)
    {
        if (string.IsNullOrWhiteSpace(filter))
        {
            return items;
        }

        var terms = And().Split(filter.Trim()).Select(Term).ToArray();
        return [.. items.Where(item => terms.All(term => Matches(field(item, term.Field), term)))];
    }

    /// <summary>Refuses orders other than by name, in which lists already are.</summary>
    public static void CheckOrder(string orderBy)
    {
        if (orderBy is not ("" or "name" or "name asc"))
        {
            throw Errors.Unimplemented($"order_by '{orderBy}' is not emulated; lists are ordered by name.");
        }
    }

    private static (string Field, string Value, bool Negated) Term(string text) => Comparison().Match(text) is { Success: true } match
        ? (match.Groups["field"].Value, match.Groups["value"].Value.Trim('"'), match.Groups["operator"].Value == "!=")
        : throw Errors.Invalid($"The filter term '{text}' is not emulated; terms are FIELD=VALUE, FIELD:VALUE and FIELD!=VALUE, joined by AND.");

    private static bool Matches(string? text, (string Field, string Value, bool Negated) term) => text is null
        ? throw Errors.Invalid($"The filter names '{term.Field}', which is not a field that can be filtered by.")
        : string.Equals(text, term.Value, StringComparison.Ordinal) != term.Negated;

    [GeneratedRegex(@"\s+AND\s+")]
    private static partial Regex And();

    [GeneratedRegex(@"^(?<field>[A-Za-z0-9_.-]+)\s*(?<operator>!=|=|:)\s*(?<value>""[^""]*""|[^\s""()]+)\z")]
    private static partial Regex Comparison();
}
