using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace BinAuthz.Approval.Provenance;

/// <summary>Source repositories by URL: exact, or everything below a path (<c>/*</c> one segment, <c>/**</c> any number).</summary>
internal sealed partial record SourcePattern
{
    private readonly string prefix;
    private readonly string wildcard;

    private SourcePattern(string prefix, string wildcard) => (this.prefix, this.wildcard) = (prefix, wildcard);

    /// <summary>Reads a pattern, or tells the rule that it breaks.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SourcePattern? pattern, [NotNullWhen(false)] out string? rule)
    {
        pattern = null;
        var star = text.IndexOf('*', StringComparison.Ordinal);
        var prefix = star < 0 ? text : text[..star];
        var wildcard = text[prefix.Length..];
        rule = (Url().IsMatch(prefix), wildcard) switch
        {
            (false, _) => "a source is an https URL with a host and a path, without query and fragment",
            (true, "") when prefix.EndsWith('/') => "a source does not end in a slash",
            (true, "") => null,
            (true, "*" or "**") when prefix.EndsWith('/') => null,
            _ => "a wildcard is '*' or '**' as the whole last path segment",
        };
        pattern = rule is null ? new SourcePattern(prefix, wildcard) : null;
        return rule is null;
    }

    /// <summary>Matches a source as a builder wrote it. Empty never matches, nor does what is not plain path segments.</summary>
    public bool Matches(string? source)
    {
        if (string.IsNullOrEmpty(source))
        {
            return false;
        }

        if (wildcard.Length == 0)
        {
            return string.Equals(source, prefix, StringComparison.Ordinal);
        }

        return source.StartsWith(prefix, StringComparison.Ordinal)
            && Below().Match(source[prefix.Length..]) is { Success: true } match
            && (wildcard == "**" || !match.ValueSpan.Contains('/'));
    }

    public override string ToString() => prefix + wildcard;

    [GeneratedRegex(@"\Ahttps://[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,5})?(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?\z")]
    private static partial Regex Url();

    // No segment starts with a dot: "x/../../other" is below nothing.
    [GeneratedRegex(@"\A[A-Za-z0-9_~-][A-Za-z0-9._~-]*(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*\z")]
    private static partial Regex Below();
}
