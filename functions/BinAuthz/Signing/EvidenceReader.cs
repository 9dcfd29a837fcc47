using BinAuthz.Approval;
using BinAuthz.Approval.Content;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Signing;

/// <summary>
/// Reads what the rules of a policy weigh: everything at once, and only what a rule asks for. That is one round trip;
/// configurations that this process has not read yet take two, and those of an index three, beside everything else.
/// </summary>
internal sealed class EvidenceReader(
    ArtifactRegistryClient registry, ContainerAnalysisClient analysis, ImageContentReader contents, KnownImages knownImages, ProvenanceKeyRing provenanceKeys, ApprovalPolicy policy)
{
    /// <summary>Reads the registry's word and the evidence about an image.</summary>
    public async Task<ImageEvidence> ReadAsync(ImageReference image, RepositoryPath repository, CancellationToken cancellationToken)
    {
        var registered = registry.FindAsync(repository, image.Digest, cancellationToken);
        var provenance = IfNeeded(EvidenceNeeds.Provenance, () => analysis.ListProvenanceAsync(repository.Project, image, cancellationToken), []);
        var content = IfNeeded(EvidenceNeeds.Configurations, () => contents.ReadAsync(image, cancellationToken), null);
        var keys = provenanceKeys.GetAsync(cancellationToken);
        await Task.WhenAll(registered, provenance, content, keys).ConfigureAwait(false);
        var known = await registered.ConfigureAwait(false);
        return new ImageEvidence(known, new ImageFacts(image)
        {
            Tags = known?.Tags,
            Uploaded = known?.Uploaded,
            Provenance = await provenance.ConfigureAwait(false),
            ProvenanceKeys = await keys.ConfigureAwait(false),
            Configurations = Configurations(image, known, await content.ConfigureAwait(false)),
        });
    }

    // What is signed are the platforms that Artifact Registry lists; none of them may go unweighed.
    private IReadOnlyList<ImageConfiguration> Configurations(ImageReference image, RegistryImage? registered, ImageContent? content)
    {
        if (registered is { IsContainerImage: true })
        {
            knownImages.Remember(image.Digest, registered.RunnablePlatforms);
        }

        var readable = content is not null && content.Configurations.All(configuration => configuration.Fault is null);
        return !readable || registered?.RunnablePlatforms.Except(content!.Platforms).FirstOrDefault() is not { } unknown
            ? content?.Configurations ?? []
            : throw new SigningException($"Artifact Registry lists the platform {unknown} for {image}, and the image's own index does not. Push the image again under another name, and report the difference to Google.");
    }

    private Task<T> IfNeeded<T>(EvidenceNeeds need, Func<Task<T>> read, T nothing) => policy.Needs.HasFlag(need) ? read() : Task.FromResult(nothing);
}
