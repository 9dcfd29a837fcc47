using BinAuthz.Approval;
using BinAuthz.Approval.Promotion;
using BinAuthz.Approval.Pushes;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Signing;

/// <summary>Reads what the rules of a policy weigh: everything at once, and only what a rule asks for.</summary>
internal sealed class EvidenceReader(
    ArtifactRegistryClient registry, ContainerAnalysisClient analysis, LoggingClient logging, ProvenanceKeyRing provenanceKeys, RequiredAttestorSource attestors, ApprovalPolicy policy)
{
    /// <summary>Reads the registry's word and the evidence about an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="repository">Where it lies.</param>
    /// <param name="pushes">The pushes that an event told of; none: Cloud Logging is asked.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ImageEvidence> ReadAsync(ImageReference image, RepositoryPath repository, IReadOnlyList<PushRecord> pushes, CancellationToken cancellationToken)
    {
        var registered = registry.FindAsync(repository, image.Digest, cancellationToken);
        var provenance = IfNeeded(EvidenceNeeds.Provenance, () => analysis.ListProvenanceAsync(repository.Project, image, cancellationToken), []);
        var keys = provenanceKeys.GetAsync(cancellationToken);
        var attested = IfNeeded(EvidenceNeeds.Attestations, () => attestors.ReadAsync(policy.RequiredAttestors, image.Digest, cancellationToken), new Dictionary<AttestorName, AttestorEvidence>());
        var pushed = IfNeeded(EvidenceNeeds.Pushes, () => ReadPushesAsync(image, repository, pushes, cancellationToken), []);
        await Task.WhenAll(registered, provenance, keys, attested, pushed).ConfigureAwait(false);
        var known = await registered.ConfigureAwait(false);
        return new ImageEvidence(known, new ImageFacts(image)
        {
            Tags = known?.Tags,
            Uploaded = known?.Uploaded,
            Provenance = await provenance.ConfigureAwait(false),
            ProvenanceKeys = await keys.ConfigureAwait(false),
            Attestors = await attested.ConfigureAwait(false),
            Pushes = await pushed.ConfigureAwait(false),
        });
    }

    // A push that names the digest tells who brought it. One by tag leaves open who else pushed in that minute, and the tag
    // may have moved since: then the log is asked too.
    private async Task<IReadOnlyList<PushRecord>> ReadPushesAsync(ImageReference image, RepositoryPath repository, IReadOnlyList<PushRecord> told, CancellationToken cancellationToken) =>
        told.Any(push => push.Names(image))
            ? told
            : [.. told.Concat(await logging.ListPushesAsync(image, repository, cancellationToken).ConfigureAwait(false)).DistinctBy(push => (push.Entry, push.Time))];

    private Task<T> IfNeeded<T>(EvidenceNeeds need, Func<Task<T>> read, T nothing) => policy.Needs.HasFlag(need) ? read() : Task.FromResult(nothing);
}
