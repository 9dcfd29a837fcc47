using BinAuthz.Approval.Content;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Signing;

/// <summary>
/// What a digest stands for never changes, so a process remembers it: the platforms and the configurations of the images
/// that it saw last. Content is remembered after it was verified by its digest; whether the image is still in its
/// registry is not known from here. The oldest are forgotten first.
/// </summary>
/// <param name="maximumImages">How many images are remembered.</param>
/// <param name="maximumCharacters">How many characters of labels and users are, because an image may have megabytes of them.</param>
internal sealed class KnownImages(int maximumImages, int maximumCharacters)
{
    private readonly Lock gate = new();
    private readonly Dictionary<ImageDigest, KnownImage> images = [];
    private readonly Queue<ImageDigest> order = new();
    private long characters;

    /// <summary>Remembers 10,000 images, and 16 MB of text.</summary>
    public KnownImages()
        : this(10_000, 8 * 1024 * 1024)
    {
    }

    /// <summary>The platforms of an index that a runtime may be asked about, empty for a single image; null: it is not known.</summary>
    public IReadOnlyList<ImageDigest>? PlatformsOf(ImageDigest image)
    {
        lock (gate)
        {
            return images.GetValueOrDefault(image)?.Platforms;
        }
    }

    /// <summary>The content of an image; null: it is not known.</summary>
    public ImageContent? ContentOf(ImageDigest image)
    {
        lock (gate)
        {
            return images.GetValueOrDefault(image) is { Configurations: { } configurations } known ? new ImageContent(known.Platforms, configurations) : null;
        }
    }

    /// <summary>Remembers the platforms that Artifact Registry lists for an image.</summary>
    public void Remember(ImageDigest image, IReadOnlyList<ImageDigest> platforms)
    {
        lock (gate)
        {
            if (!images.ContainsKey(image))
            {
                Add(image, new KnownImage(platforms, null));
            }
        }
    }

    /// <summary>
    /// Remembers what was read of an image, unless a part of it is unreadable: such an image is refused, and looked at
    /// again. One with more text than a hundredth of what is remembered would drive out too many others.
    /// </summary>
    public void Remember(ImageDigest image, ImageContent content)
    {
        if (content.Configurations.Count == 0 || content.Configurations.Any(configuration => configuration.Fault is not null))
        {
            return;
        }

        var known = new KnownImage(content.Platforms, content.Configurations);
        if (known.Characters > maximumCharacters / 100)
        {
            return;
        }

        lock (gate)
        {
            if (images.TryGetValue(image, out var before))
            {
                characters += known.Characters - before.Characters;
                images[image] = known;
                Trim();
            }
            else
            {
                Add(image, known);
            }
        }
    }

    private void Add(ImageDigest image, KnownImage known)
    {
        images.Add(image, known);
        order.Enqueue(image);
        characters += known.Characters;
        Trim();
    }

    private void Trim()
    {
        while (images.Count > maximumImages || characters > maximumCharacters)
        {
            images.Remove(order.Dequeue(), out var forgotten);
            characters -= forgotten!.Characters;
        }
    }

    private sealed record KnownImage(IReadOnlyList<ImageDigest> Platforms, IReadOnlyList<ImageConfiguration>? Configurations)
    {
        public long Characters { get; } = (Configurations ?? []).Sum(each => (long)each.User.Length + each.Platform.Length + each.Labels.Sum(label => (long)label.Key.Length + label.Value.Length));
    }
}
