using BinAuthz.GoogleCloud;
using Grpc.Core;

namespace BinAuthz.Auditing.Archive;

/// <summary>Reports in the evidence bucket.</summary>
internal sealed class BucketArchive(StorageClient storage, EvidenceBucket bucket) : IReportArchive
{
    public string Place => $"gs://{bucket.Name}";

    /// <exception cref="GoogleCallException">The bucket did not take it.</exception>
    public Task<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken) =>
        storage.CreateAsync(bucket.Name, name, content, contentType, cancellationToken);

    /// <exception cref="GoogleCallException">It may not be read.</exception>
    public async Task<byte[]?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await storage.ReadAsync(bucket.Name, name, cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such bucket.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken) =>
        [.. (await storage.ListAsync(bucket.Name, prefix, cancellationToken).ConfigureAwait(false)).Order(StringComparer.Ordinal)];
}
