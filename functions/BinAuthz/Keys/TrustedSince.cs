using System.Globalization;
using System.Text.RegularExpressions;

namespace BinAuthz.Keys;

/// <summary>Since when an attestor trusts a key, as it stands in the key's comment: <c>trusted since 2026-10-01T08:00:00Z</c>.</summary>
internal static partial class TrustedSince
{
    /// <summary>The comment for a key that is added now.</summary>
    public static string Comment(DateTimeOffset since) =>
        string.Create(CultureInfo.InvariantCulture, $"trusted since {since.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");

    /// <summary>The time in a comment; null when there is none, which means long ago.</summary>
    public static DateTimeOffset? Read(string? comment)
    {
        var match = Phrase().Match(comment ?? "");
        return match.Success && DateTimeOffset.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since)
            ? since
            : null;
    }

    [GeneratedRegex(@"\btrusted since ([0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2}))")]
    private static partial Regex Phrase();
}
