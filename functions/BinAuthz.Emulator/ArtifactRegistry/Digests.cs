using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace BinAuthz.Emulator.ArtifactRegistry;

/// <summary>Digests of content, in the one algorithm that Binary Authorization knows.</summary>
internal static partial class Digests
{
    public static string Of(ReadOnlySpan<byte> content) => Text(SHA256.HashData(content));

    public static async Task<string> OfAsync(Stream content, CancellationToken cancellationToken) => Text(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false));

    public static bool IsDigest(string text) => Pattern().IsMatch(text);

    private static string Text(byte[] hash) => "sha256:" + Convert.ToHexStringLower(hash);

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z")]
    private static partial Regex Pattern();
}
