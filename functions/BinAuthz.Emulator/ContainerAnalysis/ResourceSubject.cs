using System.Text.RegularExpressions;

namespace BinAuthz.Emulator.ContainerAnalysis;

/// <summary>What a resource URI is about: the image digest that it ends in, however the image is written; otherwise the URI itself.</summary>
internal static partial class ResourceSubject
{
    public static string Of(string resourceUri) => OfSuffix(resourceUri) ?? resourceUri;

    /// <summary>The subject of every URI that ends so, or null when the end does not hold a whole digest.</summary>
    public static string? OfSuffix(string suffix) => DigestAtEnd().Match(suffix) is { Success: true } match ? match.Value : null;

    [GeneratedRegex(@"sha256:[0-9a-f]{64}\z")]
    private static partial Regex DigestAtEnd();
}
