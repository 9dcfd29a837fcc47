using System.Text.Json;
using BinAuthz.Emulator.Hosting;

namespace BinAuthz.Emulator.Logging.Query;

/// <summary>Reads a Logging query from left to right.</summary>
internal sealed class QueryParser(string query)
{
    private readonly IReadOnlyList<QueryToken> tokens = QueryLexer.Read(query);
    private int next;

    private QueryToken Current => tokens[next];

    public Func<JsonElement, bool> Parse()
    {
        if (Current.Kind == QueryTokenKind.End)
        {
            return _ => true;
        }

        var matches = Conjunction(Term);
        return Current.Kind == QueryTokenKind.End ? matches : throw Expected("the end of the filter");
    }

    private Func<JsonElement, bool> Conjunction(Func<Func<JsonElement, bool>> term)
    {
        var all = new List<Func<JsonElement, bool>> { Disjunction(term) };
        while (AcceptKeyword("AND") || StartsTerm())
        {
            all.Add(Disjunction(term));
        }

        return all is [var one] ? one : entry => all.TrueForAll(matches => matches(entry));
    }

    private Func<JsonElement, bool> Disjunction(Func<Func<JsonElement, bool>> term)
    {
        var any = new List<Func<JsonElement, bool>> { Negation(term) };
        while (AcceptKeyword("OR"))
        {
            any.Add(Negation(term));
        }

        return any is [var one] ? one : entry => any.Exists(matches => matches(entry));
    }

    private Func<JsonElement, bool> Negation(Func<Func<JsonElement, bool>> term)
    {
        if (AcceptKeyword("NOT") || AcceptMark("-"))
        {
            var inner = Negation(term);
            return entry => !inner(entry);
        }

        if (!AcceptMark("("))
        {
            return term();
        }

        var group = Conjunction(term);
        return AcceptMark(")") ? group : throw Expected("')'");
    }

    // A comparison, a call, or text to search for.
    private Func<JsonElement, bool> Term()
    {
        var token = Current;
        if (token.Kind is not (QueryTokenKind.Word or QueryTokenKind.Text) || IsKeyword(token))
        {
            throw Expected("a comparison or a text");
        }

        next++;
        if (Current.Kind == QueryTokenKind.Operator)
        {
            return Comparison(token);
        }

        if (token.Kind == QueryTokenKind.Word && Current.IsMark("(") && Current.Position == token.Position + token.Text.Length)
        {
            return Call(token);
        }

        return entry => TextSearch.Contains(entry, token.Text);
    }

    private Func<JsonElement, bool> Comparison(QueryToken field)
    {
        var path = FieldPath.Resolve(query, field);
        var comparison = Current.Text;
        next++;
        // A value may be a group: severity=(ERROR OR CRITICAL).
        return Current.IsMark("(") ? Negation(() => Value(path, comparison)) : Value(path, comparison);
    }

    private Func<JsonElement, bool> Value(FieldPath path, string comparison)
    {
        var value = Current;
        if (value.Kind is not (QueryTokenKind.Word or QueryTokenKind.Text) || IsKeyword(value))
        {
            throw Expected("a value");
        }

        next++;
        return new Comparison(query, path, comparison, value).Matches;
    }

    private Func<JsonElement, bool> Call(QueryToken function)
    {
        next++;
        var argument = Current;
        if (argument.Kind is not (QueryTokenKind.Word or QueryTokenKind.Text))
        {
            throw Expected("an argument");
        }

        next++;
        if (!AcceptMark(")") || !function.Text.Equals("log_id", StringComparison.OrdinalIgnoreCase))
        {
            throw Errors.Unimplemented($"The emulator knows the function log_id(\"LOG_ID\") alone; the filter calls {function.Text} at position {function.Position + 1}.");
        }

        return entry => entry.TryGetProperty("logName", out var name) && LogName.Id(name.GetString()!).Equals(argument.Text, StringComparison.OrdinalIgnoreCase);
    }

    private bool StartsTerm() => Current.Kind is QueryTokenKind.Word or QueryTokenKind.Text ? !Current.IsKeyword("OR") : Current.IsMark("(") || Current.IsMark("-");

    private static bool IsKeyword(QueryToken token) => token.IsKeyword("AND") || token.IsKeyword("OR") || token.IsKeyword("NOT");

    private bool AcceptKeyword(string keyword)
    {
        var accepted = Current.IsKeyword(keyword);
        next += accepted ? 1 : 0;
        return accepted;
    }

    private bool AcceptMark(string mark)
    {
        var accepted = Current.IsMark(mark);
        next += accepted ? 1 : 0;
        return accepted;
    }

    private Grpc.Core.RpcException Expected(string wanted) => QuerySyntax.Error(query, Current.Position, $"expected {wanted}.");
}
