using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace BinAuthz.Denials;

/// <summary>Texts of log entries, which may hold anything.</summary>
internal static partial class LoggedText
{
    /// <summary>How much of a message is kept, in UTF-16 code units.</summary>
    public const int MaximumMessage = 4096;

    /// <summary>How much of any other text is kept. Names of Kubernetes and Google are shorter (253 and 128 characters in a part).</summary>
    public const int MaximumName = 1024;

    /// <summary>At most so many code units of a text, never half a character.</summary>
    public static string Cut(string text, int maximum) =>
        text.Length <= maximum ? text : text[..(char.IsHighSurrogate(text[maximum - 1]) ? maximum - 1 : maximum)];

    /// <summary>JSON without what no UTF-16 text can hold: invalid bytes, and escapes of half a character, become U+FFFD.</summary>
    public static ReadOnlyMemory<byte> Valid(ReadOnlySpan<byte> json)
    {
        var isValid = Utf8.IsValid(json);
        if (isValid && json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
        {
            return json.ToArray();
        }

        var text = Escape().Replace(Encoding.UTF8.GetString(json), match => match.Length == "\\ud800".Length ? "\\ufffd" : match.Value);
        return Encoding.UTF8.GetBytes(text);
    }

    // An escaped backslash, a whole character, or half of one; every alternative has its length, so that nothing is tried twice.
    [GeneratedRegex(@"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}")]
    private static partial Regex Escape();
}
