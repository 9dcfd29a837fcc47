using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace BinAuthz.Auditing.Reports.Html;

/// <summary>Text from outside in a page.</summary>
internal static class HtmlText
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Encoded for content and for attributes in quotes. Characters that cannot be seen, such as those that turn the direction of writing, are spelled out.</summary>
    public static string Encode(string text) => Encoder.Encode(Visible(text));

    /// <summary>A sentence of ours: commands in backquotes become code.</summary>
    public static Markup Prose(string text) => Markup.Of(Reports.Prose.Pieces(text).Select(piece => piece.IsCode ? Markup.Of($"<code>{piece.Text}</code>") : Markup.Of($"{piece.Text}")));

    /// <summary>A name of something, such as an image or a resource.</summary>
    public static Markup Name(string name) => Markup.Of($"<code class=\"name\">{name}</code>");

    /// <summary>A time to the minute, for people; machines find it in the attribute.</summary>
    public static Markup Time(DateTimeOffset time) =>
        Markup.Of($"<time datetime=\"{Rfc3339.Write(time)}\">{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC</time>");

    /// <summary>A number as SVG and tables have it: at most two decimals.</summary>
    public static string Number(double value) => Math.Round(value, 2, MidpointRounding.AwayFromZero).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>One is <paramref name="one"/>, others are <paramref name="many"/>: <c>1 finding</c>, <c>2 findings</c>.</summary>
    public static string Count(long count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");

    private static string Visible(string text)
    {
        if (!text.EnumerateRunes().Any(IsHidden))
        {
            return text;
        }

        var visible = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsHidden(rune))
            {
                visible.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X4}}}");
            }
            else
            {
                visible.Append(rune.ToString());
            }
        }

        return visible.ToString();
    }

    private static bool IsHidden(Rune rune) => rune.Value is not ('\n' or '\t') && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control;
}
