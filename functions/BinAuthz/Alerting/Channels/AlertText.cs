using System.Globalization;
using System.Text;

namespace BinAuthz.Alerting.Channels;

/// <summary>
/// Makes texts that an attacker may have written fit to be shown: no control, direction or invisible characters, no longer than
/// a service takes. What the texts mean to a service's markup is for its channel to escape.
/// </summary>
internal static class AlertText
{
    private const int Room = 48;

    /// <summary>The text with the replacement character for what cannot be seen or turns the reading direction; lines end in <c>\n</c>.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        Span<char> characters = stackalloc char[2];
        foreach (var rune in text.Replace("\r\n", "\n", StringComparison.Ordinal).EnumerateRunes())
        {
            // Of a lone half of a surrogate pair the enumeration makes the replacement character.
            switch (rune.Value)
            {
                case '\n' or '\r' or 0x85 or 0x2028 or 0x2029:
                    plain.Append('\n');
                    break;
                case '\t':
                    plain.Append(' ');
                    break;
                default:
                    plain.Append(IsHidden(rune) ? characters[..Rune.ReplacementChar.EncodeToUtf16(characters)] : characters[..rune.EncodeToUtf16(characters)]);
                    break;
            }
        }

        return plain.ToString();
    }

    /// <summary>As <see cref="Plain"/>, on one line.</summary>
    public static string Line(string text) => Plain(text).Replace('\n', ' ');

    /// <summary>At most <paramref name="maximum"/> UTF-16 units of a text once escaped; one that is cut says how much is missing.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maximum">More than 48.</param>
    /// <param name="escape">What stands for a character; null: itself.</param>
    public static string Fit(string text, int maximum, Func<char, string?>? escape = null)
    {
        var fitted = new StringBuilder();
        var (kept, length) = (0, 0);
        for (var at = 0; at < text.Length; at++)
        {
            if (fitted.Length <= maximum - Room && !char.IsLowSurrogate(text[at]))
            {
                (kept, length) = (at, fitted.Length);
            }

            fitted.Append(escape?.Invoke(text[at]) ?? text[at].ToString());
            if (fitted.Length > maximum)
            {
                return fitted.ToString(0, length) + string.Create(CultureInfo.InvariantCulture, $"… (cut; {text.Length - kept} more characters)");
            }
        }

        return fitted.ToString();
    }

    /// <summary>As HTML and the services that borrow from it write the characters that would be markup.</summary>
    public static string? Entities(char character) => character switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        _ => null,
    };

    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned
        // Blank, or a mark that only changes what stands before it, though the categories say otherwise.
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0 or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);
}
