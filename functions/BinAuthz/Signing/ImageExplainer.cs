using BinAuthz.Approval;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Signing;

/// <summary>Reads and weighs as <see cref="ImageSigner"/> does; signs nothing and stores nothing.</summary>
internal sealed class ImageExplainer(EvidenceReader evidence, ApprovalPolicy policy, IReadOnlyList<AttestorSigner> attestors, ContainerAnalysisClient analysis, TimeProvider time)
{
    /// <summary>What every attestor of the policy says of an image now.</summary>
    /// <exception cref="GoogleCallException">A call was refused or not answered.</exception>
    /// <exception cref="SigningException">There is no such attestor.</exception>
    public async Task<ImageExplanation> ExplainAsync(ImageReference image, CancellationToken cancellationToken)
    {
        if (!RepositoryPath.TryParse(image.Name, out var repository))
        {
            return ByName(image);
        }

        // 1. Read what signing reads.
        var reading = evidence.ReadAsync(image, repository, [], cancellationToken);
        var standings = Task.WhenAll(attestors.Select(attestor => attestor.ReadAsync(image.Digest, cancellationToken)));
        await Task.WhenAll(reading, standings).ConfigureAwait(false);
        var read = await reading.ConfigureAwait(false);
        if (read.Registered is not { IsContainerImage: true } registered)
        {
            return new ImageExplanation(read.Facts, read.Registered is { } other ? $"Its media type is {other.MediaType} {other.ArtifactType}." : "The registry has no such digest.", []);
        }

        // 2. Weigh, and look which attestations count.
        var now = time.GetUtcNow();
        var pairs = policy.Attestors.Zip(await standings.ConfigureAwait(false));
        var explained = await Task.WhenAll(pairs.Select(async pair => new AttestorExplanation(
            pair.First, pair.First.Evaluate(read.Facts, now), await IsSignedAsync(image, registered, pair.Second, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
        return new ImageExplanation(read.Facts, null, explained);
    }

    private ImageExplanation ByName(ImageReference image)
    {
        var facts = ImageFacts.ByName(image);
        var refused = policy.Attestors.Select(attestor => (Policy: attestor, Decision: attestor.RefuseByName(image, time.GetUtcNow()))).ToArray();
        return Array.TrueForAll(refused, each => each.Decision is not null)
            ? new ImageExplanation(facts, null, [.. refused.Select(each => new AttestorExplanation(each.Policy, each.Decision!, null))])
            : new ImageExplanation(facts, "It is in no Artifact Registry repository; only there can the digest be confirmed. Push it to LOCATION-docker.pkg.dev.", []);
    }

    private async Task<bool> IsSignedAsync(ImageReference image, RegistryImage registered, AttestorStanding standing, CancellationToken cancellationToken)
    {
        var targets = new SigningTargets(image, registered, standing.Trust.Verifier, standing.Attestations);
        if (targets.IsIndex && targets.ImageIsAttested)
        {
            targets = targets.With(await analysis.ListAttestationsAsync(standing.Trust.Attestor.Note, targets.Platforms, cancellationToken).ConfigureAwait(false));
        }

        return targets.Missing.Count == 0;
    }
}
