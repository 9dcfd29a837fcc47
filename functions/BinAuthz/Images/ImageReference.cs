using System.Diagnostics.CodeAnalysis;

namespace BinAuthz.Images;

/// <summary>One image in one place, by digest. A tag is dropped on reading: it never decides.</summary>
internal sealed record ImageReference : IParsable<ImageReference>
{
    private ImageReference(string registry, string repository, ImageDigest digest)
    {
        Registry = registry;
        Repository = repository;
        Name = $"{registry}/{repository}";
        Digest = digest;
    }

    public string Registry { get; }

    public string Repository { get; }

    /// <summary><c>registry/repository</c>.</summary>
    public string Name { get; }

    public ImageDigest Digest { get; }

    /// <summary>How new occurrences name the image: <c>https://NAME@DIGEST</c>.</summary>
    public string ResourceUri => $"https://{Name}@{Digest}";

    public static ImageReference Parse(string s) =>
        Read(s, out var image) is { } rule
            ? throw new FormatException($"'{s}' is not an image by digest: {rule}. Expected registry/repository@sha256:<64 lower-case hex digits>.")
            : image!;

    public static bool TryParse([NotNullWhen(true)] string? s, [MaybeNullWhen(false)] out ImageReference result) => Read(s, out result) is null;

    static ImageReference IParsable<ImageReference>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<ImageReference>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ImageReference result) =>
        TryParse(s, out result);

    /// <summary>Another image of the same repository, such as the platform child of an index.</summary>
    public ImageReference WithDigest(ImageDigest digest) => new(Registry, Repository, digest);

    public override string ToString() => $"{Name}@{Digest}";

    private static string? Read(string? text, out ImageReference? image)
    {
        image = null;
        var at = text?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        if (text is null || at < 0)
        {
            return "it has no digest";
        }

        if (!ImageDigest.TryParse(text[(at + 1)..], out var digest))
        {
            return $"'{text[(at + 1)..]}' is not a digest";
        }

        var error = ImageNameGrammar.Read(text[..at], out var parts);
        image = error is null ? new ImageReference(parts.Registry, parts.Repository, digest) : null;
        return error;
    }
}
