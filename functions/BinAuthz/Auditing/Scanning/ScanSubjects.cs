using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Auditing.Scanning;

/// <summary>Every image that a protected repository keeps or a pod runs, by digest and in the order of digests.</summary>
internal sealed class ScanSubjects
{
    private readonly Dictionary<DigestKey, int> places;

    private ScanSubjects(IEnumerable<ScannedImage> images)
    {
        Images = [.. images.OrderBy(image => image.Digest)];
        places = Images.Select((image, place) => (image.Digest, place)).ToDictionary(each => each.Digest, each => each.place);
    }

    /// <summary>The images; their place here is what marks go by.</summary>
    public IReadOnlyList<ScannedImage> Images { get; }

    /// <summary>The place of an image; -1: it is none of these.</summary>
    public int Find(DigestKey digest) => places.GetValueOrDefault(digest, -1);

    /// <summary>Those that were gathered before.</summary>
    public static ScanSubjects Of(IEnumerable<ScannedImage> images) => new(images);

    /// <summary>Gathers them.</summary>
    /// <param name="stored">What the repositories keep.</param>
    /// <param name="running">What the pods run.</param>
    /// <param name="exempt">What the policy admits without asking.</param>
    public static ScanSubjects Gather(IEnumerable<IReadOnlyList<ListedImage>> stored, IEnumerable<RunningImages> running, IReadOnlyList<ImagePattern> exempt)
    {
        var images = new Dictionary<DigestKey, ScannedImage>();
        foreach (var repository in stored)
        {
            Add(images, repository);
        }

        // What several projects run under several names is exempt only if each name is.
        foreach (var named in running.SelectMany(project => project.Names).ToLookup(each => each.Key, each => each.Value))
        {
            var image = Of(images, DigestKey.Of(named.Key));
            image.IsRunning = true;
            image.IsExempt = named.SelectMany(names => names).All(name => exempt.Any(pattern => pattern.Matches(name)));
        }

        return new ScanSubjects(images.Values);
    }

    private static void Add(Dictionary<DigestKey, ScannedImage> images, IReadOnlyList<ListedImage> repository)
    {
        var manifests = repository.SelectMany(image => image.Platforms).ToHashSet();
        foreach (var listed in repository)
        {
            var image = Of(images, DigestKey.Of(listed.Digest));
            Name(image, listed);
            image.IsStored |= listed.IsContainerImage && !manifests.Contains(listed.Digest);
            foreach (var platform in listed.Platforms)
            {
                Name(Of(images, DigestKey.Of(platform)), listed);
            }

            image.Platforms.UnionWith(listed.RunnablePlatforms.Select(DigestKey.Of));
        }
    }

    private static void Name(ScannedImage image, ListedImage listed)
    {
        image.Name = image.Name is { } name && string.CompareOrdinal(name, listed.Name) <= 0 ? name : listed.Name;
        image.Uploaded = image.Uploaded is { } uploaded && !(listed.Uploaded < uploaded) ? uploaded : listed.Uploaded;
    }

    private static ScannedImage Of(Dictionary<DigestKey, ScannedImage> images, DigestKey digest)
    {
        if (!images.TryGetValue(digest, out var image))
        {
            images[digest] = image = new ScannedImage(digest);
        }

        return image;
    }
}
