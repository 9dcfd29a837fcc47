using System.Collections.Concurrent;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Auditing.Scanning;

/// <summary>
/// Completes indexes with the manifests that buildx stores beside the images, such as provenance: Artifact Registry lists these like
/// images and does not say which index they belong to. They need no attestations of their own.
/// </summary>
internal sealed class IndexReader(RegistryClient registry)
{
    private const int AtOnce = 32;

    /// <summary>Completes the indexes of a repository, as far as any of its images could belong to one.</summary>
    /// <exception cref="GoogleCallException">A call was refused or not answered.</exception>
    /// <exception cref="CorruptedInTransitException">A manifest has another digest than the one that was asked for.</exception>
    public async Task<IReadOnlyList<ListedImage>> CompleteAsync(IReadOnlyList<ListedImage> images, CancellationToken cancellationToken)
    {
        var manifests = new ConcurrentDictionary<ImageDigest, IReadOnlyList<ImageDigest>>();
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Incomplete(images), limits, async (index, stop) => manifests[index.Digest] = await registry.ListManifestsAsync(index, stop).ConfigureAwait(false)).ConfigureAwait(false);
        return [.. images.Select(image => manifests.TryGetValue(image.Digest, out var more) ? image with { Platforms = [.. image.Platforms.Union(more)] } : image)];
    }

    /// <summary>The indexes beside which there are images without a tag that belong to no index as far as is known.</summary>
    internal static IReadOnlyList<ImageReference> Incomplete(IReadOnlyList<ListedImage> images)
    {
        var known = images.SelectMany(image => image.Platforms).ToHashSet();
        var names = images.Where(image => image is { IsTagged: false, IsContainerImage: true, Platforms.Count: 0 } && !known.Contains(image.Digest)).Select(image => image.Name).ToHashSet(StringComparer.Ordinal);
        return [.. images.Where(image => image.Platforms.Count > 0 && names.Contains(image.Name)).Select(image => ImageReference.TryParse($"{image.Name}@{image.Digest}", out var index) ? index : null).OfType<ImageReference>()];
    }
}
