using System.Collections.Concurrent;
using BinAuthz.Admission;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Checking;

/// <summary>Reads from Google what admission is decided by: each attestor once, and each digest on each note once, many digests in a request.</summary>
internal sealed class AdmissionEvidenceReader(BinaryAuthorizationClient authorization, ContainerAnalysisClient analysis)
{
    /// <summary>How many digests one list asks for, which keeps its filter under 8 KiB.</summary>
    public const int DigestsPerList = 64;

    private const int AtOnce = 4;

    /// <summary>The project's policy.</summary>
    public Task<Authz.Policy> ReadPolicyAsync(string project, CancellationToken cancellationToken) => authorization.GetPolicyAsync(project, cancellationToken);

    /// <summary>Google's own policy in a location.</summary>
    public Task<Authz.Policy> ReadSystemPolicyAsync(string location, CancellationToken cancellationToken) => authorization.GetSystemPolicyAsync(location, cancellationToken);

    /// <summary>Reads what is needed.</summary>
    /// <exception cref="GoogleCallException">A call was refused; what cannot be read is not taken for absent.</exception>
    public async Task<AdmissionEvidence> ReadAsync(AdmissionNeeds needs, CancellationToken cancellationToken)
    {
        var bounds = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        var attestors = new ConcurrentBag<Attestor>();
        await Parallel.ForEachAsync(
            needs.Digests.Keys,
            bounds,
            async (name, cancellation) =>
            {
                if (await authorization.FindAttestorAsync(name, cancellation).ConfigureAwait(false) is { } found)
                {
                    attestors.Add(found);
                }
            }).ConfigureAwait(false);

        var attestations = new ConcurrentBag<Attestation>();
        await Parallel.ForEachAsync(
            Lists(needs, attestors),
            bounds,
            async (list, cancellation) =>
            {
                foreach (var attestation in await analysis.ListAttestationsAsync(list.Note, list.Digests, cancellation).ConfigureAwait(false))
                {
                    attestations.Add(attestation);
                }
            }).ConfigureAwait(false);
        return new AdmissionEvidence(attestors, attestations.OrderBy(attestation => attestation.Name, StringComparer.Ordinal));
    }

    // Attestors may share a note. Without keys nothing on it counts, and nothing is asked.
    private static IEnumerable<(NoteName Note, ImageDigest[] Digests)> Lists(AdmissionNeeds needs, IEnumerable<Attestor> attestors) =>
        from attestor in attestors
        where attestor.Keys.Count > 0
        group needs.Digests[attestor.Name] by attestor.Note into same
        from digests in same.SelectMany(each => each).Distinct().OrderBy(digest => digest.Value, StringComparer.Ordinal).Chunk(DigestsPerList)
        select (same.Key, digests);
}
