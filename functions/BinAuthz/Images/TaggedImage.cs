using System.Diagnostics.CodeAnalysis;

namespace BinAuthz.Images;

/// <summary>What a person types: a name and a tag, to be resolved to a digest once.</summary>
internal sealed record TaggedImage : IParsable<TaggedImage>
{
    /// <summary>The tag that Docker means when none is written.</summary>
    public const string DefaultTag = "latest";

    private TaggedImage(string registry, string repository, string tag)
    {
        Registry = registry;
        Repository = repository;
        Name = $"{registry}/{repository}";
        Tag = tag;
    }

    public string Registry { get; }

    public string Repository { get; }

    /// <summary><c>registry/repository</c>.</summary>
    public string Name { get; }

    public string Tag { get; }

    public static TaggedImage Parse(string s) =>
        Read(s, out var image) is { } rule
            ? throw new FormatException($"'{s}' is not an image by tag: {rule}. Expected registry/repository[:tag].")
            : image!;

    public static bool TryParse([NotNullWhen(true)] string? s, [MaybeNullWhen(false)] out TaggedImage result) => Read(s, out result) is null;

    static TaggedImage IParsable<TaggedImage>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<TaggedImage>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out TaggedImage result) =>
        TryParse(s, out result);

    /// <summary>The image that the tag was found to mean.</summary>
    public ImageReference WithDigest(ImageDigest digest) => ImageReference.Parse($"{Name}@{digest}");

    public override string ToString() => $"{Name}:{Tag}";

    private static string? Read(string? text, out TaggedImage? image)
    {
        image = null;
        if (string.IsNullOrEmpty(text))
        {
            return "it is empty";
        }

        if (text.Contains('@', StringComparison.Ordinal))
        {
            return "it has a digest";
        }

        var error = ImageNameGrammar.Read(text, out var parts);
        image = error is null ? new TaggedImage(parts.Registry, parts.Repository, parts.Tag ?? DefaultTag) : null;
        return error;
    }
}
