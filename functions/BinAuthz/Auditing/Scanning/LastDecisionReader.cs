using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Auditing.Scanning;

/// <summary>Reads what the signer last decided about images without an attestation.</summary>
internal sealed class LastDecisionReader(RefusalRecords refusals)
{
    private const int AtOnce = 32;

    /// <summary>Adds it to each image that the coverage names.</summary>
    public async Task<Coverage> ReadAsync(FactReader reader, string bucket, Coverage coverage, CancellationToken cancellationToken)
    {
        var found = new UncoveredImage[coverage.Unattested.Count];
        var read = await reader.ReadAsync(Access.Records, async stop =>
        {
            var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop };
            await Parallel.ForAsync(0, found.Length, limits, async (place, token) =>
                found[place] = await WithDecisionAsync(bucket, coverage.Unattested[place], token).ConfigureAwait(false)).ConfigureAwait(false);
            return found;
        }, cancellationToken).ConfigureAwait(false);
        return read is Fact<UncoveredImage[]>.Unknown unknown ? coverage with { Decisions = unknown.Why } : coverage with { Unattested = found };
    }

    private async Task<UncoveredImage> WithDecisionAsync(string bucket, UncoveredImage image, CancellationToken cancellationToken)
    {
        var latest = await refusals.FindLatestAsync(new EvidenceBucket(bucket), image.Attestor, image.Digest, cancellationToken).ConfigureAwait(false);
        return latest is null
            ? image
            : image with { Decision = new LastDecision(latest.Outcome, latest.Time, latest.Detail, RefusalRecords.Address(new EvidenceBucket(bucket), latest)) };
    }
}
