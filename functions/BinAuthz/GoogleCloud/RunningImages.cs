using BinAuthz.Images;

namespace BinAuthz.GoogleCloud;

/// <summary>What pods run.</summary>
/// <param name="Digests">By digest: what they ask for, and what their tags were found to mean.</param>
/// <param name="Pods">How many pods were seen.</param>
internal sealed record RunningImages(IReadOnlySet<ImageDigest> Digests, int Pods);
