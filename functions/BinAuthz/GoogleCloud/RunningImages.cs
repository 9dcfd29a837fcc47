using BinAuthz.Images;

namespace BinAuthz.GoogleCloud;

/// <summary>What pods run.</summary>
/// <param name="Digests">By digest: what they ask for, and what their tags were found to mean.</param>
/// <param name="Pods">How many pods were seen.</param>
internal sealed record RunningImages(IReadOnlySet<ImageDigest> Digests, int Pods)
{
    /// <summary>How the pods name each digest, such as <c>gke.gcr.io/pause@sha256:…</c>; a digest that stands alone is its own name.</summary>
    public IReadOnlyDictionary<ImageDigest, IReadOnlySet<string>> Names { get; init; } = new Dictionary<ImageDigest, IReadOnlySet<string>>();
}
