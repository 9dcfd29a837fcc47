using System.Collections.Concurrent;
using BinAuthz.Approval.Promotion;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Signing;

/// <summary>
/// The attestors that the approval policy asks for and what they have attested. The attestors are remembered for
/// <see cref="BinAuthzOptions.TrustLifetime"/>, as one's own are; a key that lost trust counts for that long at most.
/// </summary>
internal sealed class RequiredAttestorSource(BinaryAuthorizationClient authorization, ContainerAnalysisClient analysis, BinAuthzOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<AttestorName, Remembered<Attestor?>> attestors = [];

    /// <summary>An attestor with its keys; null: there is none of that name.</summary>
    public Task<Attestor?> FindAsync(AttestorName name, CancellationToken cancellationToken) =>
        attestors.GetOrAdd(name, _ => new Remembered<Attestor?>(options.TrustLifetime, time))
            .GetAsync(_ => authorization.FindAttestorAsync(name, CancellationToken.None), cancellationToken);

    /// <summary>The attestors with their attestations of a digest, which are not verified yet.</summary>
    public async Task<IReadOnlyDictionary<AttestorName, AttestorEvidence>> ReadAsync(IReadOnlyList<AttestorName> names, ImageDigest digest, CancellationToken cancellationToken)
    {
        var evidence = await Task.WhenAll(names.Select(name => ReadAsync(name, digest, cancellationToken))).ConfigureAwait(false);
        return names.Zip(evidence).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    private async Task<AttestorEvidence> ReadAsync(AttestorName name, ImageDigest digest, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken).ConfigureAwait(false) is { } attestor
            ? new AttestorEvidence(attestor, await analysis.ListAttestationsAsync(attestor.Note, [digest], cancellationToken).ConfigureAwait(false))
            : new AttestorEvidence(null, []);
}
