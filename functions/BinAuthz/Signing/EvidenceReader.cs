using BinAuthz.Approval;
using BinAuthz.Approval.Content;
using BinAuthz.Approval.Promotion;
using BinAuthz.Approval.Pushes;
using BinAuthz.Approval.Vulnerabilities;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Signing;

/// <summary>
/// Reads what the rules of a policy weigh: everything at once, and only what a rule asks for. That is one round trip;
/// configurations that this process has not read yet take two, and those of an index three, beside everything else, and
/// the scans of an index that it has not seen yet take two.
/// </summary>
internal sealed class EvidenceReader(
    ArtifactRegistryClient registry,
    ContainerAnalysisClient analysis,
    LoggingClient logging,
    ImageContentReader contents,
    KnownImages knownImages,
    KnownScans knownScans,
    WaitingIndexes waiting,
    ProvenanceKeyRing provenanceKeys,
    RequiredAttestorSource attestors,
    ApprovalPolicy policy)
{
    private readonly EvidenceNeeds needs = policy.Needs;
    private readonly IReadOnlyList<AttestorName> required = policy.RequiredAttestors;

    /// <summary>Reads the registry's word and the evidence about an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="repository">Where it lies.</param>
    /// <param name="pushes">The pushes that an event told of; none: Cloud Logging is asked.</param>
    /// <param name="isAwaited">Whether the image is to be weighed again when more is found; nothing is written otherwise.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ImageEvidence> ReadAsync(ImageReference image, RepositoryPath repository, IReadOnlyList<PushRecord> pushes, bool isAwaited, CancellationToken cancellationToken)
    {
        var registered = RegisteredAsync(image, repository, cancellationToken);
        var provenance = IfNeeded(EvidenceNeeds.Provenance, () => analysis.ListProvenanceAsync(repository.Project, image, cancellationToken), []);
        var keys = provenanceKeys.GetAsync(cancellationToken);
        var scans = IfNeeded(EvidenceNeeds.Scans, () => ScansAsync(image, repository, registered, isAwaited, cancellationToken), []);
        var content = IfNeeded(EvidenceNeeds.Configurations, () => contents.ReadAsync(image, cancellationToken), null);
        var attested = IfNeeded(EvidenceNeeds.Attestations, () => attestors.ReadAsync(required, image.Digest, cancellationToken), new Dictionary<AttestorName, AttestorEvidence>());
        var pushed = IfNeeded(EvidenceNeeds.Pushes, () => PushesAsync(image, repository, pushes, cancellationToken), []);
        await Task.WhenAll(registered, provenance, keys, scans, content, attested, pushed).ConfigureAwait(false);
        var known = await registered.ConfigureAwait(false);
        return new ImageEvidence(known, new ImageFacts(image)
        {
            Tags = known?.Tags,
            Uploaded = known?.Uploaded,
            Provenance = await provenance.ConfigureAwait(false),
            ProvenanceKeys = await keys.ConfigureAwait(false),
            Scans = await scans.ConfigureAwait(false),
            Configurations = Configurations(image, known, await content.ConfigureAwait(false)),
            Attestors = await attested.ConfigureAwait(false),
            Pushes = await pushed.ConfigureAwait(false),
        });
    }

    private async Task<RegistryImage?> RegisteredAsync(ImageReference image, RepositoryPath repository, CancellationToken cancellationToken)
    {
        var registered = await registry.FindAsync(repository, image.Digest, cancellationToken).ConfigureAwait(false);
        if (registered is { IsContainerImage: true })
        {
            knownImages.Remember(image.Digest, registered.RunnablePlatforms);
        }

        return registered;
    }

    // What runs of an index are its platforms, so their scans count. A process that does not know them yet looks for scans of the image meanwhile.
    private async Task<IReadOnlyList<ImageScan>> ScansAsync(ImageReference image, RepositoryPath repository, Task<RegistryImage?> registered, bool isAwaited, CancellationToken cancellationToken)
    {
        var remembered = knownImages.PlatformsOf(image.Digest) ?? [];
        var first = ListScansAsync(image, repository, remembered, isAwaited, cancellationToken);
        await Task.WhenAll(first, registered).ConfigureAwait(false);
        var platforms = (await registered.ConfigureAwait(false))?.RunnablePlatforms ?? [];
        var scans = platforms.SequenceEqual(remembered)
            ? await first.ConfigureAwait(false)
            : await ListScansAsync(image, repository, platforms, isAwaited, cancellationToken).ConfigureAwait(false);

        foreach (var scan in scans)
        {
            scan.Discoveries.ToList().ForEach(discovery => knownScans.Remember(discovery.Occurrence, image.WithDigest(scan.Digest)));
        }

        return scans;
    }

    private async Task<IReadOnlyList<ImageScan>> ListScansAsync(ImageReference image, RepositoryPath repository, IReadOnlyList<ImageDigest> platforms, bool isAwaited, CancellationToken cancellationToken)
    {
        if (isAwaited)
        {
            // Written before it is read: a scan that ends in between is announced to whoever finds this.
            await waiting.RememberAsync(image, platforms, cancellationToken).ConfigureAwait(false);
        }

        return await analysis.ListScansAsync(repository.Project, platforms.Count == 0 ? [image] : [.. platforms.Select(image.WithDigest)], cancellationToken).ConfigureAwait(false);
    }

    // What is signed are the platforms that Artifact Registry lists; none of them may go unweighed.
    private static IReadOnlyList<ImageConfiguration> Configurations(ImageReference image, RegistryImage? registered, ImageContent? content)
    {
        var readable = content is not null && content.Configurations.All(configuration => configuration.Fault is null);
        return !readable || registered?.RunnablePlatforms.Except(content!.Platforms).FirstOrDefault() is not { } unknown
            ? content?.Configurations ?? []
            : throw new SigningException($"Artifact Registry lists the platform {unknown} for {image}, and the image's own index does not. Push the image again under another name, and report the difference to Google.");
    }

    // A push that names the digest tells who brought it. One by tag leaves open who else pushed in that minute, and the tag
    // may have moved since: then the log is asked too.
    private async Task<IReadOnlyList<PushRecord>> PushesAsync(ImageReference image, RepositoryPath repository, IReadOnlyList<PushRecord> told, CancellationToken cancellationToken) =>
        told.Any(push => push.Names(image))
            ? told
            : [.. told.Concat(await logging.ListPushesAsync(image, repository, cancellationToken).ConfigureAwait(false)).DistinctBy(push => (push.Entry, push.Time))];

    private Task<T> IfNeeded<T>(EvidenceNeeds need, Func<Task<T>> read, T nothing) => needs.HasFlag(need) ? read() : Task.FromResult(nothing);
}
