using System.Text;

namespace BinAuthz.Auditing.Reports;

/// <summary>
/// Our sentences, in which commands stand in backquotes and into which names from outside were put. Formats that know markup
/// get the commands as code and everything else as text.
/// </summary>
internal static class Prose
{
    /// <summary>Its pieces; where backquotes do not pair, the rest is text.</summary>
    public static IEnumerable<(bool IsCode, string Text)> Pieces(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf('`', at);
            var close = open < 0 ? -1 : text.IndexOf('`', open + 1);
            if (close < 0)
            {
                yield return (false, text[at..]);
                yield break;
            }

            if (open > at)
            {
                yield return (false, text[at..open]);
            }

            yield return (true, text[(open + 1)..close]);
            at = close + 1;
        }
    }

    /// <summary>As Markdown (CommonMark), in which nothing from outside is markup: every ASCII punctuation may be escaped, and what could begin markup is.</summary>
    public static string Markdown(string text)
    {
        var markdown = new StringBuilder(text.Length + 16);
        foreach (var (isCode, piece) in Pieces(text))
        {
            if (isCode && piece.Trim().Length > 0 && !piece.Contains('\n', StringComparison.Ordinal))
            {
                markdown.Append('`').Append(piece).Append('`');
                continue;
            }

            foreach (var character in piece)
            {
                markdown.Append("\\`*_{}[]<>#&|~!".Contains(character, StringComparison.Ordinal) ? "\\" : "").Append(character);
            }
        }

        return markdown.ToString();
    }
}
