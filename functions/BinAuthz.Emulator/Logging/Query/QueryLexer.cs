using System.Text;

namespace BinAuthz.Emulator.Logging.Query;

/// <summary>Cuts a Logging query into tokens; comments run from two minus signs to the end of the line.</summary>
internal sealed class QueryLexer(string query)
{
    private static readonly string[] Operators = ["!=", ">=", "<=", "=~", "!~", "=", ":", "<", ">"];

    private readonly List<QueryToken> tokens = [];
    private int position;

    public static IReadOnlyList<QueryToken> Read(string query) => new QueryLexer(query).Read();

    private List<QueryToken> Read()
    {
        while (position < query.Length)
        {
            if (char.IsWhiteSpace(query[position]))
            {
                position++;
            }
            else if (query[position] == '-' && position + 1 < query.Length && query[position + 1] == '-')
            {
                var end = query.IndexOf('\n', position);
                position = end < 0 ? query.Length : end;
            }
            else
            {
                tokens.Add(Next());
            }
        }

        tokens.Add(new QueryToken(QueryTokenKind.End, "", [], query.Length));
        return tokens;
    }

    private bool IsValueNext => tokens.Count > 0 && tokens[^1].Kind == QueryTokenKind.Operator;

    private QueryToken Next()
    {
        var start = position;
        var character = query[position];
        if (character is '(' or ')' or ',' || (character == '-' && !IsValueNext))
        {
            position++;
            return new QueryToken(QueryTokenKind.Mark, character.ToString(), [], start);
        }

        if (Operators.FirstOrDefault(text => string.CompareOrdinal(query, position, text, 0, text.Length) == 0) is { } comparison)
        {
            position += comparison.Length;
            return new QueryToken(QueryTokenKind.Operator, comparison, [], start);
        }

        return Path(start);
    }

    private QueryToken Path(int start)
    {
        var isValue = IsValueNext;
        var path = new List<string>();
        bool isQuoted;
        while (true)
        {
            isQuoted = position < query.Length && query[position] is '"' or '\'';
            path.Add(isQuoted ? Quoted() : Bare(isValue));
            if (position >= query.Length || query[position] != '.' || (isQuoted && isValue))
            {
                break;
            }

            position++;
        }

        if (path is [""] && !isQuoted)
        {
            throw QuerySyntax.Error(query, start, "this begins nothing that filters know.");
        }

        var kind = isQuoted && path.Count == 1 ? QueryTokenKind.Text : QueryTokenKind.Word;
        return new QueryToken(kind, string.Join('.', path), path, start);
    }

    private string Bare(bool isValue)
    {
        var start = position;
        while (position < query.Length && IsBare(query[position], isValue))
        {
            position++;
        }

        return query[start..position];
    }

    // A value may hold the colons of a time.
    private static bool IsBare(char character, bool isValue) =>
        !char.IsWhiteSpace(character) && character is not ('"' or '\'' or '(' or ')' or ',' or '=' or '<' or '>' or '!' or '~' or '.') && (isValue || character != ':');

    private string Quoted()
    {
        var start = position;
        var quote = query[position++];
        var text = new StringBuilder();
        while (position < query.Length && query[position] != quote)
        {
            if (query[position] == '\\' && position + 1 < query.Length)
            {
                position++;
                text.Append(Escape(query[position]));
            }
            else
            {
                text.Append(query[position]);
            }

            position++;
        }

        if (position >= query.Length)
        {
            throw QuerySyntax.Error(query, start, "the string is not closed.");
        }

        position++;
        return text.ToString();
    }

    // Other escapes belong to the regular expression in the string.
    private static string Escape(char character) => character switch
    {
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        '"' or '\'' or '\\' => character.ToString(),
        _ => "\\" + character,
    };
}
