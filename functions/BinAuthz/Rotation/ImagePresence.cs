using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Rotation;

/// <summary>
/// Where digests are: in pods, and in the repositories under whose names they were attested. What is not known is taken for
/// there. Pods keep running without the registry, and may be started again from a node's cache: what runs is always there.
/// </summary>
internal sealed class ImagePresence
{
    private readonly IReadOnlySet<ImageDigest> running;
    private readonly Dictionary<string, Dictionary<ImageDigest, DateTimeOffset?>>? repositories;
    private readonly DateTimeOffset? oldest;

    /// <param name="running">What pods run.</param>
    /// <param name="repositories">What each repository that could be read has; null: what runs is not fully known, so that nothing can be missed.</param>
    /// <param name="oldest">Images that were pushed earlier are too old to be deployed, UTC; null: none is.</param>
    public ImagePresence(IReadOnlySet<ImageDigest> running, IReadOnlyDictionary<string, IReadOnlyList<ListedImage>>? repositories, DateTimeOffset? oldest)
    {
        this.running = running;
        this.repositories = repositories?.ToDictionary(repository => repository.Key, repository => Contents(repository.Value), StringComparer.Ordinal);
        this.oldest = oldest;
    }

    /// <summary>Whether a pod runs it.</summary>
    public bool IsRunning(ImageDigest digest) => running.Contains(digest);

    /// <summary>Whether it is in a registry or runs.</summary>
    public bool IsThere(AttestedDigest digest) => IsRunning(digest.Digest) || !IsListed(digest) || Uploads(digest.Digest).Any();

    /// <summary>Whether it is there and not too old, or runs.</summary>
    public bool IsDeployable(AttestedDigest digest) =>
        IsRunning(digest.Digest) || !IsListed(digest) || Uploads(digest.Digest).Any(uploaded => oldest is null || uploaded is null || uploaded >= oldest);

    /// <summary>One of its names: if possible one under which a repository has it.</summary>
    public ImageReference NameOf(AttestedDigest digest) => digest.Images
        .OrderByDescending(image => RepositoryPath.TryParse(image.Name, out var path) ? repositories?.GetValueOrDefault(path.Parent)?.ContainsKey(digest.Digest) == true ? 2 : 1 : 0)
        .ThenBy(image => image.Name, StringComparer.Ordinal)
        .First();

    // Whether all repositories under whose names it was attested could be read.
    private bool IsListed(AttestedDigest digest) =>
        repositories is not null && digest.Images.All(image => RepositoryPath.TryParse(image.Name, out var path) && repositories.ContainsKey(path.Parent));

    // An image that was copied counts by its copies too, as far as their repositories were read.
    private IEnumerable<DateTimeOffset?> Uploads(ImageDigest digest) => repositories!.Values.Where(repository => repository.ContainsKey(digest)).Select(repository => repository[digest]);

    // The manifests of an index are there with it, listed or not.
    private static Dictionary<ImageDigest, DateTimeOffset?> Contents(IReadOnlyList<ListedImage> images)
    {
        var contents = images.SelectMany(image => image.Platforms.Select(platform => (Digest: platform, image.Uploaded))).Concat(images.Select(image => (image.Digest, image.Uploaded)));
        return contents.GroupBy(image => image.Digest).ToDictionary(group => group.Key, group => group.Any(image => image.Uploaded is null) ? null : group.Max(image => image.Uploaded));
    }
}
