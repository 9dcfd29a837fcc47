using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Signing;

/// <summary>
/// Which indexes hold a platform. A scan is announced for the platform, and no API tells which indexes it belongs to; so
/// before the scans of an index are read, that is written down as <c>waiting/PLATFORM_HEX/INDEX</c> in the evidence bucket,
/// where the instance that gets the announcement finds it.
/// </summary>
internal sealed class WaitingIndexes(StorageClient storage, EvidenceBucket bucket)
{
    private readonly Recent<ImageReference, bool> written = new(10_000);

    /// <summary>Writes down that an index waits for what is found about its platforms, unless this process has done so.</summary>
    public async Task RememberAsync(ImageReference index, IReadOnlyList<ImageDigest> platforms, CancellationToken cancellationToken)
    {
        if (platforms.Count == 0 || written.Find(index))
        {
            return;
        }

        await Task.WhenAll(platforms.Select(platform =>
            storage.CreateAsync(bucket.Name, Prefix(platform) + Uri.EscapeDataString(index.ToString()), ReadOnlyMemory<byte>.Empty, "text/plain", cancellationToken))).ConfigureAwait(false);
        written.Remember(index, true);
    }

    /// <summary>The indexes that hold a platform.</summary>
    public async Task<IReadOnlyList<ImageReference>> FindAsync(ImageDigest platform, CancellationToken cancellationToken)
    {
        var prefix = Prefix(platform);
        var names = await storage.ListAsync(bucket.Name, prefix, cancellationToken).ConfigureAwait(false);
        return [.. names.Select(name => ImageReference.Parse(Uri.UnescapeDataString(name[prefix.Length..])))];
    }

    private static string Prefix(ImageDigest platform) => $"waiting/{platform.Hex}/";
}
