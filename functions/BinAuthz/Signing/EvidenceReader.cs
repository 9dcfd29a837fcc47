using BinAuthz.Approval;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Signing;

/// <summary>Reads what the rules of a policy weigh: everything at once, and only what a rule asks for.</summary>
internal sealed class EvidenceReader(ArtifactRegistryClient registry, ContainerAnalysisClient analysis, ProvenanceKeyRing provenanceKeys, ApprovalPolicy policy)
{
    /// <summary>Reads the registry's word and the evidence about an image.</summary>
    public async Task<ImageEvidence> ReadAsync(ImageReference image, RepositoryPath repository, CancellationToken cancellationToken)
    {
        var registered = registry.FindAsync(repository, image.Digest, cancellationToken);
        var provenance = IfNeeded(EvidenceNeeds.Provenance, () => analysis.ListProvenanceAsync(repository.Project, image, cancellationToken), []);
        var keys = provenanceKeys.GetAsync(cancellationToken);
        await Task.WhenAll(registered, provenance, keys).ConfigureAwait(false);
        var known = await registered.ConfigureAwait(false);
        return new ImageEvidence(known, new ImageFacts(image)
        {
            Tags = known?.Tags,
            Uploaded = known?.Uploaded,
            Provenance = await provenance.ConfigureAwait(false),
            ProvenanceKeys = await keys.ConfigureAwait(false),
        });
    }

    private Task<T> IfNeeded<T>(EvidenceNeeds need, Func<Task<T>> read, T nothing) => policy.Needs.HasFlag(need) ? read() : Task.FromResult(nothing);
}
