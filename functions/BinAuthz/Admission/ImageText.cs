using BinAuthz.Images;

namespace BinAuthz.Admission;

/// <summary>What can be told of an image as a pod spells it, which may be less than a full name.</summary>
internal static class ImageText
{
    /// <summary>The digest, or null: the image is named by tag, or its digest is malformed.</summary>
    public static ImageDigest? Digest(string image) =>
        image.IndexOf('@', StringComparison.Ordinal) is var at and > 0 && ImageDigest.TryParse(image[(at + 1)..], out var digest) ? digest : null;
}
