using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;
using Google.Protobuf.Collections;
using Grpc.Core;

namespace BinAuthz.Emulator.PubSub;

/// <summary>
/// The filter of a subscription: <c>attributes:KEY</c>, <c>attributes.KEY = "v"</c>, <c>!=</c>, <c>hasPrefix(attributes.KEY, "v")</c>,
/// joined by AND, OR and NOT. AND and OR are mixed only with parentheses.
/// </summary>
internal sealed partial class MessageFilter
{
    private const int MaxBytes = 256;

    private readonly string text;
    private readonly List<(string Text, int Position)> tokens = [];
    private readonly Func<MapField<string, string>, bool> matches;
    private int next;

    private MessageFilter(string text)
    {
        this.text = text;
        if (string.IsNullOrWhiteSpace(text))
        {
            matches = _ => true;
            return;
        }

        Split();
        matches = Expression();
        if (next < tokens.Count)
        {
            throw Unexpected("the end");
        }
    }

    /// <exception cref="RpcException">INVALID_ARGUMENT: with what is wrong, and where.</exception>
    public static MessageFilter Parse(string text) => System.Text.Encoding.UTF8.GetByteCount(text) <= MaxBytes
        ? new MessageFilter(text)
        : throw Errors.Invalid($"The filter is longer than {MaxBytes} bytes.");

    public bool Matches(MapField<string, string> attributes) => matches(attributes);

    private void Split()
    {
        var position = 0;
        while (position < text.Length)
        {
            var match = Token().Match(text, position);
            if (!match.Success)
            {
                throw Errors.Invalid($"The filter is not valid at position {position + 1}: '{text[position]}' begins nothing that filters know. Filter: {text}");
            }

            if (!string.IsNullOrWhiteSpace(match.Value))
            {
                tokens.Add((match.Value, position));
            }

            position += match.Length;
        }
    }

    private Func<MapField<string, string>, bool> Expression()
    {
        var left = Negation();
        if (Peek() is not ("AND" or "OR"))
        {
            return left;
        }

        var joiner = Peek();
        while (Accept(joiner!))
        {
            left = Join(joiner!, left, Negation());
        }

        return Peek() is "AND" or "OR" ? throw Unexpected("parentheses around AND next to OR") : left;
    }

    private static Func<MapField<string, string>, bool> Join(string joiner, Func<MapField<string, string>, bool> left, Func<MapField<string, string>, bool> right) => joiner == "AND"
        ? attributes => left(attributes) && right(attributes)
        : attributes => left(attributes) || right(attributes);

    private Func<MapField<string, string>, bool> Negation()
    {
        if (Accept("NOT") || Accept("-"))
        {
            var inner = Negation();
            return attributes => !inner(attributes);
        }

        if (Accept("("))
        {
            var inner = Expression();
            Expect(")");
            return inner;
        }

        return Accept("hasPrefix") ? Prefix() : Comparison();
    }

    private Func<MapField<string, string>, bool> Prefix()
    {
        Expect("(");
        Expect("attributes");
        Expect(".");
        var key = Key();
        Expect(",");
        var value = Literal();
        Expect(")");
        return attributes => attributes.TryGetValue(key, out var actual) && actual.StartsWith(value, StringComparison.Ordinal);
    }

    private Func<MapField<string, string>, bool> Comparison()
    {
        Expect("attributes");
        if (Accept(":"))
        {
            var name = Key();
            return attributes => attributes.ContainsKey(name);
        }

        Expect(".");
        var key = Key();
        var isEqual = Accept("=");
        if (!isEqual)
        {
            Expect("!=");
        }

        var value = Literal();
        return attributes => attributes.TryGetValue(key, out var actual) && (actual == value) == isEqual;
    }

    private string Key() => Peek() is { } token && (token[0] is '"' or '_' || char.IsAsciiLetterOrDigit(token[0])) ? Unquote(tokens[next++].Text) : throw Unexpected("an attribute key");

    private string Literal() => Peek()?[0] == '"' ? Unquote(tokens[next++].Text) : throw Unexpected("a value in double quotes");

    private static string Unquote(string token) => token[0] == '"' ? Escape().Replace(token[1..^1], "$1") : token;

    private string? Peek() => next < tokens.Count ? tokens[next].Text : null;

    private bool Accept(string token)
    {
        var isNext = Peek() == token;
        next += isNext ? 1 : 0;
        return isNext;
    }

    private void Expect(string token)
    {
        if (!Accept(token))
        {
            throw Unexpected($"'{token}'");
        }
    }

    private RpcException Unexpected(string wanted)
    {
        var (found, position) = next < tokens.Count ? tokens[next] : ("the end", text.Length);
        return Errors.Invalid($"The filter is not valid at position {position + 1}: expected {wanted}, found {found}. Filter: {text}");
    }

    [GeneratedRegex(@"\G(?:\s+|""(?:[^""\\]|\\.)*""|!=|[=:.,()\-]|[A-Za-z0-9_][A-Za-z0-9_\-]*)")]
    private static partial Regex Token();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escape();
}
