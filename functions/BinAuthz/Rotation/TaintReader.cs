using System.Collections.Concurrent;
using BinAuthz.Decisions;
using BinAuthz.Keys;
using BinAuthz.Signing;

namespace BinAuthz.Rotation;

/// <summary>
/// Finds what a revoked version has left behind: a rotation signs anew whatever has a valid attestation, so whoever could sign
/// with the old version has attestations by its successors too. The decision records tell which those are.
/// </summary>
internal sealed class TaintReader(DecisionRecords records)
{
    private const int AtOnce = 32;

    /// <summary>Reads the records of every image.</summary>
    /// <param name="state">With the live images.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The images all of whose valid attestations go back to a version of <see cref="RotationState.Uncleared"/> after others may have been able to sign with it.</returns>
    public async Task<IReadOnlyList<TaintedImage>> FindAsync(RotationState state, CancellationToken cancellationToken)
    {
        // Their records were signed by versions that have lost trust since.
        var known = state.Records.Where(record => !state.IsTrusted(record.Version)).DistinctBy(record => record.Version)
            .Select(record => new AttestorKey(record.Version.PublicKeyId, record.Pem, record.Algorithm, ""));
        var verifier = new DecisionVerifier(state.Attestor with { Keys = [.. state.Attestor.Keys, .. known] });
        var found = new ConcurrentBag<TaintedImage>();
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(state.Uncleared.Count == 0 ? [] : state.Live!.Attested, limits, async (image, token) =>
        {
            var kept = await records.ReadAsync(state.Attestor.Name, image.Image.Digest, token).ConfigureAwait(false);
            var sources = kept.Select(record => verifier.Verify(record.Content, image.Image.Digest)).OfType<DecisionVerdict.Valid>()
                .DistinctBy(record => record.Summary.Key).ToDictionary(record => record.Summary.Key, record => record.Summary.ResignedFrom);
            foreach (var revoked in state.Uncleared.Where(revoked => IsTainted(image.KeyIds, sources, revoked)))
            {
                found.Add(new TaintedImage(image.Image, revoked.Version));
            }
        }).ConfigureAwait(false);
        return [.. found.OrderBy(image => image.Image.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>Whether every valid attestation goes back to a version after others may have been able to sign with it.</summary>
    /// <param name="keyIds">The keys that verify the attestations; none: nothing is valid, and nothing tainted.</param>
    /// <param name="sources">For each version that has a record: what it signed anew for the sake of; null: it weighed approval.</param>
    /// <param name="revoked">The version, and since when.</param>
    internal static bool IsTainted(IReadOnlySet<string> keyIds, IReadOnlyDictionary<KeyVersionName, ResignedFrom?> sources, KeyRecord revoked) =>
        keyIds.Count > 0 && keyIds.All(id => KeyVersionName.TryParsePublicKeyId(id, out var version) && GoesBack(version, sources, revoked));

    private static bool GoesBack(KeyVersionName version, IReadOnlyDictionary<KeyVersionName, ResignedFrom?> sources, KeyRecord revoked)
    {
        // No longer than there are records: they may lead in a circle.
        for (var link = 0; link <= sources.Count && sources.GetValueOrDefault(version) is { } from; link++)
        {
            if (from.KeyVersion == revoked.Version.ToString())
            {
                return from.Attested is null || from.Attested >= revoked.CompromisedSince;
            }

            if (!KeyVersionName.TryParse(from.KeyVersion, out var earlier))
            {
                return false;
            }

            version = earlier;
        }

        return false;
    }
}
