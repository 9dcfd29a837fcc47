using System.Collections.Concurrent;
using BinAuthz.Admission;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Checking;

/// <summary>
/// Reads from Google what admission is decided by: each attestor once, and each digest on each note once, many digests in a
/// request. Policies and attestors are remembered for <see cref="BinAuthzOptions.TrustLifetime"/>, because Binary Authorization
/// allows fewer reads than there can be denials; attestations are read every time.
/// </summary>
internal sealed class AdmissionEvidenceReader(BinaryAuthorizationClient authorization, ContainerAnalysisClient analysis, BinAuthzOptions options, TimeProvider time)
{
    /// <summary>How many digests one list asks for, which keeps its filter under 8 KiB.</summary>
    public const int DigestsPerList = 64;

    private const int AtOnce = 4;
    private readonly ConcurrentDictionary<string, Remembered<Authz.Policy>> policies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Remembered<Authz.Policy>> systemPolicies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<AttestorName, Remembered<Attestor?>> known = [];

    /// <summary>The project's policy.</summary>
    public Task<Authz.Policy> ReadPolicyAsync(string project, CancellationToken cancellationToken) =>
        RememberAsync(policies, project, _ => authorization.GetPolicyAsync(project, CancellationToken.None), cancellationToken);

    /// <summary>Google's own policy in a location.</summary>
    public Task<Authz.Policy> ReadSystemPolicyAsync(string location, CancellationToken cancellationToken) =>
        RememberAsync(systemPolicies, location, _ => authorization.GetSystemPolicyAsync(location, CancellationToken.None), cancellationToken);

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
                if (await RememberAsync(known, name, _ => authorization.FindAttestorAsync(name, CancellationToken.None), cancellation).ConfigureAwait(false) is { } found)
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

    private Task<TValue> RememberAsync<TKey, TValue>(
        ConcurrentDictionary<TKey, Remembered<TValue>> remembered, TKey key, Func<DateTimeOffset, Task<TValue>> read, CancellationToken cancellationToken)
        where TKey : notnull =>
        remembered.GetOrAdd(key, _ => new Remembered<TValue>(options.TrustLifetime, time)).GetAsync(read, cancellationToken);

    // Attestors may share a note. Without keys nothing on it counts, and nothing is asked.
    private static IEnumerable<(NoteName Note, ImageDigest[] Digests)> Lists(AdmissionNeeds needs, IEnumerable<Attestor> attestors) =>
        from attestor in attestors
        where attestor.Keys.Count > 0
        group needs.Digests[attestor.Name] by attestor.Note into same
        from digests in same.SelectMany(each => each).Distinct().OrderBy(digest => digest.Value, StringComparer.Ordinal).Chunk(DigestsPerList)
        select (same.Key, digests);
}
