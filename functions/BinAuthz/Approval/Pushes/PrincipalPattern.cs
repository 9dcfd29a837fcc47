using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace BinAuthz.Approval.Pushes;

/// <summary>Who may push: an e-mail address, or <c>*@DOMAIN</c> for every address of exactly that domain. Compared letter by letter.</summary>
internal sealed partial record PrincipalPattern
{
    private readonly string text;

    private PrincipalPattern(string text) => this.text = text;

    /// <summary>Reads a pattern, or tells the rule that it breaks.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PrincipalPattern? pattern, [NotNullWhen(false)] out string? rule)
    {
        rule = text switch
        {
            _ when Pattern().IsMatch(text) => null,
            _ when text.Contains('*', StringComparison.Ordinal) => "a * stands for everything before the @, and nowhere else",
            _ when text.Contains(':', StringComparison.Ordinal) => "it is an address alone, without a prefix such as serviceAccount:",
            _ => "it is an e-mail address, its domain in lower-case letters",
        };
        pattern = rule is null ? new PrincipalPattern(text) : null;
        return rule is null;
    }

    /// <summary>Whether a principal of an audit entry is meant. Empty is nobody.</summary>
    public bool Matches(string principal) => text[0] == '*'
        ? Address().IsMatch(principal) && principal.AsSpan(principal.IndexOf('@', StringComparison.Ordinal)).SequenceEqual(text.AsSpan(1))
        : string.Equals(principal, text, StringComparison.Ordinal);

    public override string ToString() => text;

    [GeneratedRegex(@"\A(?:\*|[A-Za-z0-9][A-Za-z0-9._%+-]*)@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+\z")]
    private static partial Regex Pattern();

    [GeneratedRegex(@"\A[^@\s]+@[^@\s]+\z")]
    private static partial Regex Address();
}
