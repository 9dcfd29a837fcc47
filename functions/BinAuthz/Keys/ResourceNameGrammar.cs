using System.Text.RegularExpressions;

namespace BinAuthz.Keys;

/// <summary>Reads Google resource names: fixed words and identifiers in turn, such as <c>projects/P/locations/L</c>.</summary>
internal static partial class ResourceNameGrammar
{
    /// <summary>The identifiers of <paramref name="text"/>, in order.</summary>
    /// <param name="text">The name.</param>
    /// <param name="words">The fixed words, such as projects and locations.</param>
    /// <param name="identifiers">As many as there are words; empty when the text breaks the rule.</param>
    public static bool TryRead(string? text, ReadOnlySpan<string> words, out string[] identifiers)
    {
        identifiers = [];
        var parts = text?.Split('/') ?? [];
        if (parts.Length != 2 * words.Length)
        {
            return false;
        }

        var found = new string[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            found[i] = parts[(2 * i) + 1];
            if (parts[2 * i] != words[i] || !Identifier().IsMatch(found[i]))
            {
                return false;
            }
        }

        identifiers = found;
        return true;
    }

    // A project may be domain-scoped (example.com:name); note ids hold dots and tildes.
    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.:~-]{0,127}\z")]
    private static partial Regex Identifier();
}
