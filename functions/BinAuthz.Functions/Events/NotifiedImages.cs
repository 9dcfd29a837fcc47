using BinAuthz.Approval;
using BinAuthz.Approval.Pushes;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Signing;

namespace BinAuthz.Functions.Events;

/// <summary>Finds the image that a notification is about, where it names an occurrence or a tag instead.</summary>
internal sealed class NotifiedImages(
    ContainerAnalysisClient analysis, ArtifactRegistryClient registry, RequiredAttestorSource attestors, KnownScans scans, WaitingIndexes waiting, ApprovalPolicy policy)
{
    /// <summary>The image, or why there is none to look at.</summary>
    /// <exception cref="GoogleCallException">A call was refused or not answered.</exception>
    public Task<NotifiedImage> FindAsync(ImageNotification notification, CancellationToken cancellationToken) => notification switch
    {
        ImageNotification.Pushed pushed => Task.FromResult(NotifiedImage.Of(pushed.Image)),
        ImageNotification.EvidenceStored stored when !policy.Needs.HasFlag(stored.Kind) => Task.FromResult(NotifiedImage.None($"no rule waits for evidence like {stored.Occurrence}")),
        ImageNotification.EvidenceStored stored when scans.Find(stored.Occurrence) is { } scanned => Task.FromResult(NotifiedImage.OfScan(scanned)),
        ImageNotification.EvidenceStored stored => FindAsync(stored, cancellationToken),
        ImageNotification.Audited audited => FindAsync(audited.Push, cancellationToken),
        ImageNotification.Nothing nothing => Task.FromResult(NotifiedImage.None(nothing.Reason)),
        _ => throw new InvalidOperationException($"{notification.GetType().Name} is not a notification that is known here."),
    };

    private async Task<NotifiedImage> FindAsync(ImageNotification.EvidenceStored stored, CancellationToken cancellationToken)
    {
        if (await analysis.FindSubjectAsync(stored.Occurrence, cancellationToken).ConfigureAwait(false) is not { } subject)
        {
            return NotifiedImage.None($"{stored.Occurrence} is gone");
        }

        if (!ImageReference.TryParse(subject.ResourceUri, out var image))
        {
            return NotifiedImage.None($"{subject.ResourceUri} is no image");
        }

        // What is signed here is an attestation too, and must not lead to another look at the same image.
        return stored.Kind == EvidenceNeeds.Attestations && !await IsRequiredAsync(subject.Note, cancellationToken).ConfigureAwait(false)
            ? NotifiedImage.None($"no rule waits for attestations under {subject.Note}")
            : stored.Kind == EvidenceNeeds.Scans ? NotifiedImage.OfScan(image) : NotifiedImage.Of(image);
    }

    /// <summary>The indexes that may have waited for what was found about their platform.</summary>
    /// <exception cref="GoogleCallException">A call was refused or not answered.</exception>
    public Task<IReadOnlyList<ImageReference>> FindIndexesAsync(NotifiedImage found, CancellationToken cancellationToken) =>
        found is { MayBePlatform: true, Image: { } image } ? waiting.FindAsync(image.Digest, cancellationToken) : Task.FromResult<IReadOnlyList<ImageReference>>([]);

    private async Task<bool> IsRequiredAsync(string note, CancellationToken cancellationToken)
    {
        var required = await Task.WhenAll(policy.RequiredAttestors.Select(name => attestors.FindAsync(name, cancellationToken))).ConfigureAwait(false);
        return required.Any(attestor => string.Equals(attestor?.Note.ToString(), note, StringComparison.Ordinal));
    }

    // The registry confirms the digest once more when the image is weighed; here the tag is only where to look.
    private async Task<NotifiedImage> FindAsync(PushRecord push, CancellationToken cancellationToken)
    {
        if (ImageReference.TryParse($"{push.Image}@{push.Reference}", out var image))
        {
            return NotifiedImage.Of(image, push);
        }

        if (!TaggedImage.TryParse($"{push.Image}:{push.Reference}", out var tagged) || !RepositoryPath.TryParse(push.Image, out var repository))
        {
            return NotifiedImage.None($"{push.Entry} names no image: '{push.Image}' and '{push.Reference}'");
        }

        return await registry.FindDigestAsync(repository, tagged.Tag, cancellationToken).ConfigureAwait(false) is { } digest
            ? NotifiedImage.Of(tagged.WithDigest(digest), push)
            : NotifiedImage.None($"{tagged} is gone");
    }
}
