using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace BinAuthz.Keys;

/// <summary>A version of a Cloud KMS key, and the public key id under which Binary Authorization knows it.</summary>
internal sealed record KeyVersionName : IParsable<KeyVersionName>
{
    private const string PublicKeyIdPrefix = "//cloudkms.googleapis.com/v1/";
    private const string Infix = "/cryptoKeyVersions/";

    public KeyVersionName(KeyName key, long version)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        Key = key;
        Version = version;
    }

    public KeyName Key { get; }

    /// <summary>Versions count up from 1 and are never used again.</summary>
    public long Version { get; }

    /// <summary>What stands both on the attestor's key and on the signature, character for character.</summary>
    public string PublicKeyId => PublicKeyIdPrefix + this;

    public static KeyVersionName Parse(string s) =>
        TryParse(s, out var name)
            ? name
            : throw new FormatException($"'{s}' is not a KMS key version: expected projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N.");

    public static bool TryParse([NotNullWhen(true)] string? s, [MaybeNullWhen(false)] out KeyVersionName result)
    {
        result = null;
        var at = s?.LastIndexOf(Infix, StringComparison.Ordinal) ?? -1;
        if (s is null || at < 0 || !KeyName.TryParse(s[..at], out var key))
        {
            return false;
        }

        var digits = s.AsSpan(at + Infix.Length);
        if (digits.StartsWith('0') || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            return false;
        }

        result = new KeyVersionName(key, version);
        return true;
    }

    /// <summary>The version behind a public key id; false for ids of other kinds, such as <c>ni:</c>.</summary>
    public static bool TryParsePublicKeyId([NotNullWhen(true)] string? publicKeyId, [MaybeNullWhen(false)] out KeyVersionName result)
    {
        result = null;
        return publicKeyId is not null
            && publicKeyId.StartsWith(PublicKeyIdPrefix, StringComparison.Ordinal)
            && TryParse(publicKeyId[PublicKeyIdPrefix.Length..], out result);
    }

    static KeyVersionName IParsable<KeyVersionName>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<KeyVersionName>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out KeyVersionName result) =>
        TryParse(s, out result);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Key}{Infix}{Version}");
}
