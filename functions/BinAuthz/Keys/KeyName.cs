using System.Diagnostics.CodeAnalysis;

namespace BinAuthz.Keys;

/// <summary>A Cloud KMS key: <c>projects/P/locations/L/keyRings/R/cryptoKeys/K</c>.</summary>
internal sealed record KeyName : IParsable<KeyName>
{
    private KeyName(string[] identifiers) => (Project, Location, KeyRing, Key) = (identifiers[0], identifiers[1], identifiers[2], identifiers[3]);

    public string Project { get; }

    public string Location { get; }

    public string KeyRing { get; }

    public string Key { get; }

    public static KeyName Parse(string s) =>
        TryParse(s, out var name) ? name : throw new FormatException($"'{s}' is not a KMS key: expected projects/P/locations/L/keyRings/R/cryptoKeys/K.");

    public static bool TryParse([NotNullWhen(true)] string? s, [MaybeNullWhen(false)] out KeyName result)
    {
        result = ResourceNameGrammar.TryRead(s, ["projects", "locations", "keyRings", "cryptoKeys"], out var identifiers) ? new KeyName(identifiers) : null;
        return result is not null;
    }

    static KeyName IParsable<KeyName>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<KeyName>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out KeyName result) =>
        TryParse(s, out result);

    /// <summary>One version of this key.</summary>
    public KeyVersionName Version(long version) => new(this, version);

    public override string ToString() => $"projects/{Project}/locations/{Location}/keyRings/{KeyRing}/cryptoKeys/{Key}";
}
