using System.Text.RegularExpressions;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>Patterns of image names: a trailing <c>*</c> stands for anything but a slash, a trailing <c>**</c> for anything.</summary>
internal static partial class ImagePatterns
{
    /// <summary>Whether a policy may have the pattern: a registry, a path, and a wildcard only at the end and after the registry.</summary>
    public static bool IsValid(string pattern) => Valid().IsMatch(pattern);

    /// <summary>Whether the image is one of the pattern, letter by letter. Names are not normalised.</summary>
    public static bool Matches(string pattern, string image)
    {
        if (pattern.EndsWith("**", StringComparison.Ordinal))
        {
            return image.StartsWith(pattern[..^2], StringComparison.Ordinal);
        }

        return pattern.EndsWith('*')
            ? image.StartsWith(pattern[..^1], StringComparison.Ordinal) && !image[(pattern.Length - 1)..].Contains('/', StringComparison.Ordinal)
            : image == pattern;
    }

    [GeneratedRegex(@"^[^/*\s]+/(?=.)[^*\s]*\*{0,2}\z")]
    private static partial Regex Valid();
}
