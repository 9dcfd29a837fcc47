using System.Text.RegularExpressions;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>The patterns of platform policies, which go further than those of project policies.</summary>
internal static class PlatformPatterns
{
    /// <summary>Whether an allowlist pattern covers an image. A plain name covers its tags and digests; <c>[@:]</c> is either sign.</summary>
    public static bool CoversImage(string pattern, string image)
    {
        var plain = !pattern.EndsWith('*') && !pattern[(pattern.LastIndexOf('/') + 1)..].AsSpan().ContainsAny('@', ':');
        var text = Body(pattern).Replace(@"\[@:]", "[@:]", StringComparison.Ordinal) + (plain ? "([@:].*)?" : "");
        return Regex.IsMatch(image, $@"\A{text}\z", RegexOptions.CultureInvariant);
    }

    /// <summary>Whether a directory pattern covers the directory of an image. A leading <c>*</c> stands for a part of the registry's subdomain.</summary>
    public static bool CoversDirectory(string pattern, string image)
    {
        var name = image.Split('@')[0];
        var slash = name.LastIndexOf('/');
        var text = pattern.StartsWith('*') ? "[^/]*" + Body(pattern[1..]) : Body(pattern);
        return slash > 0 && Regex.IsMatch(name[..slash], $@"\A{text}\z", RegexOptions.CultureInvariant);
    }

    private static string Body(string pattern)
    {
        if (pattern.EndsWith("**", StringComparison.Ordinal))
        {
            return Regex.Escape(pattern[..^2]) + ".*";
        }

        return pattern.EndsWith('*') ? Regex.Escape(pattern[..^1]) + "[^/]*" : Regex.Escape(pattern);
    }
}
