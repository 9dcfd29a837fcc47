using BinAuthz.Images;

namespace BinAuthz.GoogleCloud;

/// <summary>One manifest of an image index.</summary>
internal sealed record PlatformManifest(ImageDigest Digest, string Os, string Architecture)
{
    /// <summary>False for what buildx stores beside the images (<c>unknown/unknown</c>), which nothing runs.</summary>
    public bool IsRunnable => !(Os == "unknown" && Architecture == "unknown");
}
