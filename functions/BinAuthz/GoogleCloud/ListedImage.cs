using BinAuthz.Images;

namespace BinAuthz.GoogleCloud;

/// <summary>An image in a repository's list.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Uploaded">When it was pushed, UTC.</param>
/// <param name="Platforms">Of an index, all manifests it holds.</param>
internal sealed record ListedImage(ImageDigest Digest, DateTimeOffset? Uploaded, IReadOnlyList<ImageDigest> Platforms);
