using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace BinAuthz.GoogleCloud;

/// <summary>A version of a secret in Secret Manager, <c>projects/P/secrets/S/versions/V</c>; V is a number, an alias or <c>latest</c>.</summary>
internal sealed partial record SecretVersionName
{
    private readonly string text;

    private SecretVersionName(string text) => this.text = text;

    /// <summary>Reads a name; false: it is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SecretVersionName? name)
    {
        name = Grammar().IsMatch(text) ? new SecretVersionName(text) : null;
        return name is not null;
    }

    /// <summary>The secret, <c>projects/P/secrets/S</c>.</summary>
    public string Secret => text[..text.IndexOf("/versions/", StringComparison.Ordinal)];

    public override string ToString() => text;

    // Ids of secrets: letters, digits, - and _, 255 at most (docs: secret-manager reference, projects.secrets.create).
    [GeneratedRegex(@"\Aprojects/[A-Za-z0-9_][A-Za-z0-9_.:~-]{0,127}/secrets/[A-Za-z0-9_-]{1,255}/versions/[A-Za-z0-9_-]{1,63}\z")]
    private static partial Regex Grammar();
}
