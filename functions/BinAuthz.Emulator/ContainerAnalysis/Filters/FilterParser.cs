using System.Globalization;
using BinAuthz.Emulator.Hosting;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.ContainerAnalysis.Filters;

/// <summary>
/// Reads the filters of Grafeas: comparisons, <c>has_prefix</c> and <c>has_suffix</c>, AND, OR, NOT and parentheses.
/// As in every Google API, OR binds tighter than AND. What is not understood is refused, never ignored.
/// </summary>
internal sealed class FilterParser<T>
{
    private const int DeepestNesting = 64;

    private readonly IReadOnlyList<FilterField<T>> fields;
    private readonly List<FilterToken> tokens;
    private int position;
    private int depth;

    private FilterParser(string filter, IReadOnlyList<FilterField<T>> fields)
    {
        this.fields = fields;
        tokens = FilterLexer.Read(filter);
    }

    private FilterToken Current => tokens[position];

    /// <summary>The condition that <paramref name="filter"/> states; an empty filter is always true.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: the filter cannot be read, or names what is not in <paramref name="fields"/>.</exception>
    public static FilterCondition<T> Parse(string filter, IReadOnlyList<FilterField<T>> fields)
    {
        if (string.IsNullOrWhiteSpace(filter))
        {
            return FilterCondition<T>.Everything;
        }

        var parser = new FilterParser<T>(filter, fields);
        var condition = parser.Conjunction();
        return parser.Current.Kind == FilterTokenKind.End ? condition : throw Errors.Invalid($"The filter has {parser.Current} where AND, OR or the end is expected.");
    }

    private FilterCondition<T> Conjunction()
    {
        var condition = Disjunction();
        while (TryTake(FilterTokenKind.Word, "AND"))
        {
            condition = condition.And(Disjunction());
        }

        return condition;
    }

    private FilterCondition<T> Disjunction()
    {
        var condition = Term();
        while (TryTake(FilterTokenKind.Word, "OR"))
        {
            condition = condition.Or(Term());
        }

        return condition;
    }

    private FilterCondition<T> Term()
    {
        if (TryTake(FilterTokenKind.Word, "NOT"))
        {
            return Nested(Term).Not();
        }

        if (TryTake(FilterTokenKind.Symbol, "("))
        {
            var inner = Nested(Conjunction);
            Take(FilterTokenKind.Symbol, ")");
            return inner;
        }

        var word = Current.Kind == FilterTokenKind.Word ? Advance() : throw Errors.Invalid($"The filter has {Current} where a field or a function is expected.");
        return TryTake(FilterTokenKind.Symbol, "(") ? Function(word) : Comparison(Field(word));
    }

    private FilterCondition<T> Nested(Func<FilterCondition<T>> part)
    {
        if (++depth > DeepestNesting)
        {
            throw Errors.Invalid($"The filter is nested deeper than {DeepestNesting} levels.");
        }

        var condition = part();
        depth--;
        return condition;
    }

    private FilterCondition<T> Function(FilterToken function)
    {
        var field = Field(Advance());
        Take(FilterTokenKind.Symbol, ",");
        var value = Value();
        Take(FilterTokenKind.Symbol, ")");
        if (field.Text is not { } text)
        {
            throw Errors.Invalid($"The filter uses {function.Text} on {field.Name}, which is not a text.");
        }

        return function.Text switch
        {
            "has_prefix" => new FilterCondition<T>(item => text(item).StartsWith(value, StringComparison.Ordinal)),
            "has_suffix" => new FilterCondition<T>(item => text(item).EndsWith(value, StringComparison.Ordinal), field.IsResource ? Only(ResourceSubject.OfSuffix(value)) : null),
            _ => throw Errors.Invalid($"The filter uses the function {function.Text}; only has_prefix and has_suffix are supported."),
        };
    }

    private FilterCondition<T> Comparison(FilterField<T> field)
    {
        var symbol = Current.Kind == FilterTokenKind.Symbol ? Advance() : throw Errors.Invalid($"The filter has {Current} where an operator is expected.");
        return field.Time is { } time ? TimeComparison(field, time, symbol) : TextComparison(field, field.Text!, symbol);
    }

    private FilterCondition<T> TextComparison(FilterField<T> field, Func<T, string> text, FilterToken symbol)
    {
        var value = Value();
        if (field.Values is { } values && !values.Contains(value))
        {
            throw Errors.Invalid($"The filter compares {field.Name} with \"{value}\", which is not one of its values: {string.Join(", ", values)}.");
        }

        return symbol.Text switch
        {
            "=" => new FilterCondition<T>(item => text(item) == value, field.IsResource ? Only(ResourceSubject.Of(value)) : null),
            "!=" => new FilterCondition<T>(item => text(item) != value),
            _ => throw Errors.Invalid($"The filter uses {symbol} on {field.Name}; only = and != are supported there."),
        };
    }

    private FilterCondition<T> TimeComparison(FilterField<T> field, Func<T, Timestamp?> time, FilterToken symbol)
    {
        var value = Value();
        if (!DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            throw Errors.Invalid($"The filter compares {field.Name} with \"{value}\", which is not a time in RFC 3339.");
        }

        var bound = Timestamp.FromDateTimeOffset(moment);
        Func<int, bool> holds = symbol.Text switch
        {
            "=" => order => order == 0,
            "!=" => order => order != 0,
            "<" => order => order < 0,
            "<=" => order => order <= 0,
            ">" => order => order > 0,
            ">=" => order => order >= 0,
            _ => throw Errors.Invalid($"The filter has {symbol} where an operator is expected."),
        };
        return new FilterCondition<T>(item => time(item) is { } actual && holds(actual.CompareTo(bound)));
    }

    private FilterField<T> Field(FilterToken name) => fields.FirstOrDefault(field => field.Name == name.Text)
        ?? throw Errors.Invalid($"The filter names {name}, which is not a field of this list: {string.Join(", ", fields.Select(field => field.Name))}.");

    private string Value() => Current.Kind is FilterTokenKind.Text or FilterTokenKind.Word
        ? Advance().Text
        : throw Errors.Invalid($"The filter has {Current} where a value is expected.");

    private static HashSet<string>? Only(string? subject) => subject is null ? null : [subject];

    private void Take(FilterTokenKind kind, string text)
    {
        if (!TryTake(kind, text))
        {
            throw Errors.Invalid($"The filter has {Current} where '{text}' is expected.");
        }
    }

    private bool TryTake(FilterTokenKind kind, string text)
    {
        if (!Current.Is(kind, text))
        {
            return false;
        }

        position++;
        return true;
    }

    private FilterToken Advance() => Current.Kind == FilterTokenKind.End ? Current : tokens[position++];
}
