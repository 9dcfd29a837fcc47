using BinAuthz.Images;

namespace BinAuthz.GoogleCloud;

/// <summary>An image in a repository's list.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Uploaded">When it was pushed, UTC.</param>
/// <param name="Platforms">Of an index, the manifests it holds; what buildx stores beside the images may be left out.</param>
internal sealed record ListedImage(ImageDigest Digest, DateTimeOffset? Uploaded, IReadOnlyList<ImageDigest> Platforms)
{
    /// <summary><c>HOST/PROJECT/REPOSITORY/IMAGE</c>; empty: the registry does not say.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether a tag means it.</summary>
    public bool IsTagged { get; init; }

    /// <summary>Whether a container runtime can run it.</summary>
    public bool IsContainerImage { get; init; } = true;

    /// <summary>Of an index, the manifests that a runtime may be asked about.</summary>
    public IReadOnlyList<ImageDigest> RunnablePlatforms { get; init; } = [];
}
