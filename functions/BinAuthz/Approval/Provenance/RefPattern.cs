using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace BinAuthz.Approval.Provenance;

/// <summary>
/// Branches and tags by full name: exact (<c>refs/heads/main</c>); with a trailing <c>*</c>, which stands for any rest of
/// that path segment (<c>refs/tags/v*</c>, <c>refs/heads/release/*</c>); or with a trailing <c>**</c>, which stands for any rest,
/// across segments (<c>refs/heads/**</c>). A commit hash is no branch and matches nothing.
/// </summary>
internal sealed partial record RefPattern
{
    private readonly string prefix;
    private readonly string wildcard;

    private RefPattern(string prefix, string wildcard) => (this.prefix, this.wildcard) = (prefix, wildcard);

    /// <summary>Reads a pattern, or tells the rule that it breaks.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RefPattern? pattern, [NotNullWhen(false)] out string? rule)
    {
        pattern = null;
        var star = text.IndexOf('*', StringComparison.Ordinal);
        var prefix = star < 0 ? text : text[..star];
        var wildcard = text[prefix.Length..];
        rule = wildcard switch
        {
            not ("" or "*" or "**") => "a wildcard is '*' or '**' at the end",
            _ when !Namespace().IsMatch(prefix) => "it starts with refs/heads/, refs/tags/ or another namespace below refs/",
            _ when !IsRef(wildcard.Length == 0 ? prefix : prefix + "x") => "it is no name that Git allows",
            _ => null,
        };
        pattern = rule is null ? new RefPattern(prefix, wildcard) : null;
        return rule is null;
    }

    /// <summary>Matches a ref as a builder wrote it. Empty never matches, nor does what Git does not allow as a name.</summary>
    public bool Matches(string? name)
    {
        if (string.IsNullOrEmpty(name) || !IsRef(name))
        {
            return false;
        }

        return wildcard.Length == 0
            ? string.Equals(name, prefix, StringComparison.Ordinal)
            : name.StartsWith(prefix, StringComparison.Ordinal) && (wildcard == "**" || !name.AsSpan(prefix.Length).Contains('/'));
    }

    public override string ToString() => prefix + wildcard;

    private static bool IsRef(string name) =>
        Ref().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal) && !name.Contains("@{", StringComparison.Ordinal);

    [GeneratedRegex(@"\Arefs/[a-z]+/")]
    private static partial Regex Namespace();

    // git check-ref-format: no empty segments, none that start with a dot, no control characters and none of " ~^:?*[\".
    [GeneratedRegex(@"\Arefs(?:/[^./\x00-\x20\x7f~^:?*\[\\][^/\x00-\x20\x7f~^:?*\[\\]*){2,}\z")]
    private static partial Regex Ref();
}
