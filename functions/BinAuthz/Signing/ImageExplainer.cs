using BinAuthz.Approval;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Signing;

/// <summary>Reads and weighs as <see cref="ImageSigner"/> does; signs nothing and stores nothing.</summary>
internal sealed class ImageExplainer(EvidenceReader evidence, ApprovalPolicy policy, IReadOnlyList<AttestorSigner> attestors, TimeProvider time)
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
        var reading = evidence.ReadAsync(image, repository, [], isAwaited: false, cancellationToken);
        var standings = Task.WhenAll(attestors.Select(attestor => attestor.ReadAsync(image.Digest, cancellationToken)));
        await Task.WhenAll(reading, standings).ConfigureAwait(false);
        var read = await reading.ConfigureAwait(false);
        if (read.Registered is not { IsContainerImage: true } registered)
        {
            return new ImageExplanation(read.Facts, ImageEvidence.WhyNoImage(read.Registered), []);
        }

        // 2. Weigh, and look which attestations count.
        var now = time.GetUtcNow();
        var each = policy.Attestors.Zip(attestors, await standings.ConfigureAwait(false));
        var explained = await Task.WhenAll(each.Select(async parts =>
        {
            var (rules, attestor, standing) = parts;
            var targets = await attestor.FindTargetsAsync(image, registered, standing, cancellationToken).ConfigureAwait(false);
            return new AttestorExplanation(rules, rules.Evaluate(read.Facts, now), targets.Missing.Count == 0);
        })).ConfigureAwait(false);
        return new ImageExplanation(read.Facts, null, explained);
    }

    private ImageExplanation ByName(ImageReference image)
    {
        var facts = ImageFacts.ByName(image);
        var refused = policy.Attestors.Select(attestor => (Policy: attestor, Decision: attestor.RefuseByName(image, time.GetUtcNow()))).ToArray();
        return Array.TrueForAll(refused, each => each.Decision is not null)
            ? new ImageExplanation(facts, null, [.. refused.Select(each => new AttestorExplanation(each.Policy, each.Decision!, null))])
            : new ImageExplanation(facts, ImageEvidence.WhyNoRepository, []);
    }
}
