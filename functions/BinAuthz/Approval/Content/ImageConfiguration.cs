using BinAuthz.Images;

namespace BinAuthz.Approval.Content;

/// <summary>What an image says of itself, from its OCI configuration, whose digest stands in the manifest.</summary>
/// <param name="Manifest">The digest of the image, or of the platform's manifest within an index.</param>
/// <param name="Digest">The digest of the configuration itself; of the manifest where that is unreadable already.</param>
/// <param name="Platform">Such as <c>linux/amd64</c>.</param>
/// <param name="User">The user it runs as; empty: root.</param>
/// <param name="Created">When it was built, as the build tool says; null: it does not say.</param>
/// <param name="Labels">Its labels.</param>
internal sealed record ImageConfiguration(
    ImageDigest Manifest, ImageDigest Digest, string Platform, string User, DateTimeOffset? Created, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Why it cannot be read as what its digest names; null: it can. No rule about the content approves it then.</summary>
    public string? Fault { get; init; }

    /// <summary>Content that is there and is no image configuration, or is one that two readers may read differently.</summary>
    public static ImageConfiguration Unreadable(ImageDigest manifest, ImageDigest digest, string platform, string fault) =>
        new(manifest, digest, platform, "", null, new Dictionary<string, string>()) { Fault = fault };
}
