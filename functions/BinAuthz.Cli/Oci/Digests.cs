using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace BinAuthz.Cli.Oci;

/// <summary>Digests of content.</summary>
internal static partial class Digests
{
    /// <summary>Whether the text is a SHA-256 digest.</summary>
    public static bool IsDigest(string text) => Pattern().IsMatch(text);

    /// <summary>The digest of some bytes.</summary>
    public static string Of(ReadOnlySpan<byte> content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    /// <summary>The digest of a stream, which is read to its end.</summary>
    public static async Task<string> OfAsync(Stream content, CancellationToken cancellationToken) =>
        $"sha256:{Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false))}";

    [GeneratedRegex(@"^sha256:[0-9a-f]{64}\z")]
    private static partial Regex Pattern();
}
