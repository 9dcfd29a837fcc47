using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using Grpc.Core;

namespace BinAuthz.Auditing.Scanning;

/// <summary>Reads parts of a note. Where the service does not take the filter of times, a part reads all and leaves out what is not its own.</summary>
/// <param name="list">Lists the attestations that a filter lets through, page by page; an empty one lets all through.</param>
internal sealed class ShardReader(Func<string, CancellationToken, IAsyncEnumerable<IReadOnlyList<Attestation>>> list)
{
    /// <summary>Reads one part.</summary>
    /// <param name="shard">The part.</param>
    /// <param name="newScan">Makes what counts it.</param>
    /// <param name="size">How many attestations it may have before it is cut, unless it is too short for that.</param>
    /// <param name="cancellationToken">Stops between two pages.</param>
    /// <exception cref="GoogleCallException">The attestations cannot be read.</exception>
    public async Task<ShardOutcome> ReadAsync(AuditShard shard, Func<NoteScan> newScan, int size, CancellationToken cancellationToken)
    {
        var halves = shard.Cut();
        try
        {
            var limit = halves.Count == 0 ? long.MaxValue : size;
            var scan = newScan();
            await scan.ReadAsync(OwnAsync(list(shard.Filter, cancellationToken), shard, limit), cancellationToken).ConfigureAwait(false);
            return new ShardOutcome.Read(scan.Tally);
        }
        catch (TooManyException)
        {
            return new ShardOutcome.TooLarge(halves);
        }
        catch (GoogleCallException error) when (error.Status is StatusCode.InvalidArgument or StatusCode.Unimplemented)
        {
            // Halves would each read all again.
            var scan = newScan();
            await scan.ReadAsync(OwnAsync(list("", cancellationToken), shard, long.MaxValue), cancellationToken).ConfigureAwait(false);
            return new ShardOutcome.Read(scan.Tally);
        }
    }

    private static async IAsyncEnumerable<IReadOnlyList<Attestation>> OwnAsync(IAsyncEnumerable<IReadOnlyList<Attestation>> pages, AuditShard shard, long limit)
    {
        var count = 0L;
        await foreach (var page in pages.ConfigureAwait(false))
        {
            Attestation[] own = [.. page.Where(shard.Contains)];
            count += own.Length;
            yield return count <= limit ? own : throw new TooManyException();
        }
    }

    private sealed class TooManyException : Exception;
}
