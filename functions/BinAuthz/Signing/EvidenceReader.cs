using BinAuthz.Approval;
using BinAuthz.Approval.Vulnerabilities;
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
        var scans = IfNeeded(EvidenceNeeds.Scans, () => analysis.ListScansAsync(repository.Project, [image], cancellationToken), []);
        var keys = provenanceKeys.GetAsync(cancellationToken);
        await Task.WhenAll(registered, provenance, scans, keys).ConfigureAwait(false);
        var known = await registered.ConfigureAwait(false);
        return new ImageEvidence(known, new ImageFacts(image)
        {
            Tags = known?.Tags,
            Uploaded = known?.Uploaded,
            Provenance = await provenance.ConfigureAwait(false),
            ProvenanceKeys = await keys.ConfigureAwait(false),
            Scans = await ScansOfPlatformsAsync(image, repository, known, cancellationToken).ConfigureAwait(false) ?? await scans.ConfigureAwait(false),
        });
    }

    /// <summary>The scans of an index' platforms, which are what runs; null when it is no index, or nobody asks.</summary>
    private async Task<IReadOnlyList<ImageScan>?> ScansOfPlatformsAsync(ImageReference image, RepositoryPath repository, RegistryImage? known, CancellationToken cancellationToken) =>
        policy.Needs.HasFlag(EvidenceNeeds.Scans) && known?.RunnablePlatforms is { Count: > 0 } platforms
            ? await analysis.ListScansAsync(repository.Project, [.. platforms.Select(image.WithDigest)], cancellationToken).ConfigureAwait(false)
            : null;

    private Task<T> IfNeeded<T>(EvidenceNeeds need, Func<Task<T>> read, T nothing) => policy.Needs.HasFlag(need) ? read() : Task.FromResult(nothing);
}
