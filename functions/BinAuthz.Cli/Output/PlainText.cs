using System.Globalization;
using System.Text;

namespace BinAuthz.Cli.Output;

/// <summary>Text of unknown origin, for a terminal.</summary>
internal static class PlainText
{
    /// <summary>The text with everything replaced that a terminal would obey or that hides what stands there: control and format characters, line breaks.</summary>
    public static string Of(string text) => string.Concat(text.EnumerateRunes().Select(rune => IsHarmless(Rune.GetUnicodeCategory(rune)) ? rune.ToString() : "\ufffd"));

    private static bool IsHarmless(UnicodeCategory category) => category is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
