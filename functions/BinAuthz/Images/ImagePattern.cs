using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace BinAuthz.Images;

/// <summary>
/// A name pattern as Binary Authorization reads it: the literal text, where a trailing <c>*</c> stands for any characters but
/// a slash and a trailing <c>**</c> for any characters.
/// </summary>
internal sealed partial record ImagePattern : IParsable<ImagePattern>
{
    private readonly string literal;
    private readonly Wildcard wildcard;

    private ImagePattern(string literal, Wildcard wildcard)
    {
        this.literal = literal;
        this.wildcard = wildcard;
    }

    private enum Wildcard
    {
        None,
        WithinSegment,
        AcrossSegments,
    }

    /// <summary>
    /// Whether what matches is whole path segments: no wildcard, or one right after a slash. <c>app**</c> also matches
    /// <c>app-of-somebody-else/x</c>; <c>app/**</c> does not.
    /// </summary>
    public bool EndsOnPathBoundary => wildcard == Wildcard.None || literal.EndsWith('/');

    /// <summary>Whether it can match only one name.</summary>
    public bool IsLiteral => wildcard == Wildcard.None;

    public static ImagePattern Parse(string s) =>
        Read(s, out var pattern) is { } rule ? throw new FormatException($"'{s}' is not an image pattern: {rule}.") : pattern!;

    public static bool TryParse([NotNullWhen(true)] string? s, [MaybeNullWhen(false)] out ImagePattern result) => Read(s, out result) is null;

    /// <summary>As the other overload, with the rule that the text breaks.</summary>
    public static bool TryParse(string? s, [NotNullWhen(true)] out ImagePattern? result, [NotNullWhen(false)] out string? rule)
    {
        rule = Read(s, out result);
        return rule is null;
    }

    static ImagePattern IParsable<ImagePattern>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<ImagePattern>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ImagePattern result) =>
        TryParse(s, out result);

    /// <summary>Matches the text of an image exactly as it was written, in a pod or as <see cref="ImageReference.Name"/>.</summary>
    public bool Matches(string image)
    {
        if (wildcard == Wildcard.None)
        {
            return string.Equals(image, literal, StringComparison.Ordinal);
        }

        return image.StartsWith(literal, StringComparison.Ordinal)
            && (wildcard == Wildcard.AcrossSegments || !image.AsSpan(literal.Length).Contains('/'));
    }

    public override string ToString() => wildcard switch
    {
        Wildcard.None => literal,
        Wildcard.WithinSegment => literal + "*",
        _ => literal + "**",
    };

    private static string? Read(string? text, out ImagePattern? pattern)
    {
        pattern = null;
        if (string.IsNullOrEmpty(text))
        {
            return "it is empty";
        }

        var star = text.IndexOf('*', StringComparison.Ordinal);
        var literal = star < 0 ? text : text[..star];
        var stars = text[literal.Length..];
        if (stars is not ("" or "*" or "**"))
        {
            return "a wildcard is '*' or '**' and only the trailing characters";
        }

        if (stars.Length > 0 && literal.IndexOf('/', StringComparison.Ordinal) < 1)
        {
            return "a wildcard is allowed only after 'registry/', so that no pattern allows every registry";
        }

        if (!Characters().IsMatch(literal))
        {
            return "it may hold letters, digits and ./:@_- only, and no empty path segment";
        }

        pattern = new ImagePattern(literal, (Wildcard)stars.Length);
        return null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._:@-]+(?:/[A-Za-z0-9._:@-]+)*/?\z")]
    private static partial Regex Characters();
}
