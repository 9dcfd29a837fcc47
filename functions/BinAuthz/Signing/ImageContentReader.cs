using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Signing;

/// <summary>The content of images: read from the registry once, and remembered after that without a call.</summary>
internal sealed class ImageContentReader(RegistryClient registry, KnownImages known)
{
    /// <summary>The manifests and configurations of an image.</summary>
    /// <returns>Null: the registry does not have the image, or not all of it.</returns>
    /// <exception cref="GoogleCallException">A call was refused or not answered.</exception>
    /// <exception cref="CorruptedInTransitException">Bytes have another digest than the one that was asked for.</exception>
    public async Task<ImageContent?> ReadAsync(ImageReference image, CancellationToken cancellationToken)
    {
        if (known.ContentOf(image.Digest) is { } remembered)
        {
            return remembered;
        }

        var content = await registry.FindAsync(image, cancellationToken).ConfigureAwait(false);
        if (content is not null)
        {
            known.Remember(image.Digest, content);
        }

        return content;
    }
}
