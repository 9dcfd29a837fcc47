using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace BinAuthz.Images;

/// <summary>What an image is: the SHA-256 of its manifest, written <c>sha256:</c> and 64 lower-case hex digits.</summary>
internal sealed partial record ImageDigest : IParsable<ImageDigest>
{
    private const string Prefix = "sha256:";

    private ImageDigest(string value) => Value = value;

    /// <summary>The whole digest, <c>sha256:…</c>.</summary>
    public string Value { get; }

    /// <summary>The 64 hex digits alone.</summary>
    public string Hex => Value[Prefix.Length..];

    /// <summary>The digest of a manifest's exact bytes.</summary>
    public static ImageDigest Of(ReadOnlySpan<byte> manifest)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(manifest, hash);
        return new ImageDigest(Prefix + Convert.ToHexStringLower(hash));
    }

    public static ImageDigest Parse(string s) =>
        Read(s, out var digest) is { } error ? throw new FormatException(error) : digest!;

    public static bool TryParse([NotNullWhen(true)] string? s, [MaybeNullWhen(false)] out ImageDigest result) =>
        Read(s, out result) is null;

    static ImageDigest IParsable<ImageDigest>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<ImageDigest>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ImageDigest result) =>
        TryParse(s, out result);

    public override string ToString() => Value;

    private static string? Read(string? text, out ImageDigest? digest)
    {
        digest = text is not null && Grammar().IsMatch(text) ? new ImageDigest(text) : null;
        return digest is null ? $"'{text}' is not an image digest: it must be sha256: and 64 lower-case hex digits." : null;
    }

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z")]
    private static partial Regex Grammar();
}
