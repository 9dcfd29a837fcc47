using System.Text.RegularExpressions;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>The digest in an image reference.</summary>
internal static partial class ImageDigest
{
    /// <summary>The <c>sha256:…</c> at the end, or null when the image is not named by digest.</summary>
    public static string? Of(string image) => ByDigest().Match(image) is { Success: true } match ? match.Groups["digest"].Value : null;

    [GeneratedRegex(@"[^@]@(?<digest>sha256:[0-9a-f]{64})\z")]
    private static partial Regex ByDigest();
}
