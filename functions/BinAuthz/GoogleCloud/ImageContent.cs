using BinAuthz.Approval.Content;
using BinAuthz.Images;

namespace BinAuthz.GoogleCloud;

/// <summary>An image's manifests and configurations, each verified by its digest.</summary>
/// <param name="Platforms">The manifests of an index that a runtime may be asked about; empty for a single image.</param>
/// <param name="Configurations">For an image one, for an index one for each platform.</param>
internal sealed record ImageContent(IReadOnlyList<ImageDigest> Platforms, IReadOnlyList<ImageConfiguration> Configurations);
