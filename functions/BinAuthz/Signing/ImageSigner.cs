using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Signing;

/// <summary>
/// FLOW 1: from an image to its attestations. Three round trips one after the other: read everything, sign, store. The
/// decision's record is signed and stored beside the attestation; telling of the decision follows, when all is done.
/// Running it twice, or stopping it between any two calls, leaves nothing that the next run does not finish.
/// </summary>
internal sealed class ImageSigner(EvidenceReader evidence, IReadOnlyList<AttestorSigner> attestors, DecisionJournal journal, TimeProvider time)
{
    /// <summary>Weighs the evidence for <paramref name="image"/>, and lets every attestor of the policy attest it, with every platform of an index.</summary>
    /// <returns>One outcome for each attestor, in the policy's order.</returns>
    /// <exception cref="GoogleCallException">A call was refused or not answered.</exception>
    /// <exception cref="SigningException">No key may sign, or the service keeps an attestation that is in the way.</exception>
    public Task<IReadOnlyList<SigningOutcome>> SignAsync(ImageReference image, CancellationToken cancellationToken) => SignAsync(image, SigningTrigger.None, cancellationToken);

    /// <summary>As the other, for an event. When one attestor fails, the decisions of the others are made and told first.</summary>
    public async Task<IReadOnlyList<SigningOutcome>> SignAsync(ImageReference image, SigningTrigger trigger, CancellationToken cancellationToken)
    {
        // 1. Refuse what no evidence could mend, before any call.
        var refused = attestors.Select(attestor => attestor.RefuseByName(image, time.GetUtcNow())).ToArray();
        if (Array.TrueForAll(refused, outcome => outcome is not null))
        {
            return await TellAsync(refused!, trigger.MessageId, cancellationToken).ConfigureAwait(false);
        }

        if (!RepositoryPath.TryParse(image.Name, out var repository))
        {
            return await NotAnImageAsync(image, trigger.MessageId, ImageEvidence.WhyNoRepository, cancellationToken).ConfigureAwait(false);
        }

        // 2. Read: the registry's word and the evidence, and for each attestor its keys and attestations.
        var reading = evidence.ReadAsync(image, repository, trigger.Pushes, isAwaited: true, cancellationToken);
        var standings = attestors.Select(attestor => attestor.ReadAsync(image.Digest, cancellationToken)).ToArray();
        await Task.WhenAll([reading, .. standings]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var read = await reading.ConfigureAwait(false);
        if (read.Registered is not { IsContainerImage: true } registered)
        {
            return await NotAnImageAsync(image, trigger.MessageId, ImageEvidence.WhyNoImage(read.Registered), cancellationToken).ConfigureAwait(false);
        }

        // 3. Each attestor decides, signs, stores and tells for itself, whatever becomes of the others.
        var now = time.GetUtcNow();
        return await Task.WhenAll(attestors.Zip(standings, DecideAsync)).ConfigureAwait(false);

        async Task<SigningOutcome> DecideAsync(AttestorSigner attestor, Task<AttestorStanding> standing)
        {
            var outcome = await attestor.SignAsync(registered, read.Facts, await standing.ConfigureAwait(false), now, cancellationToken).ConfigureAwait(false);
            await journal.RecordAsync(outcome, trigger.MessageId, cancellationToken).ConfigureAwait(false);
            return outcome;
        }
    }

    private async Task<IReadOnlyList<SigningOutcome>> TellAsync(IReadOnlyList<SigningOutcome> outcomes, string? messageId, CancellationToken cancellationToken)
    {
        await Task.WhenAll(outcomes.Select(outcome => journal.RecordAsync(outcome, messageId, cancellationToken))).ConfigureAwait(false);
        return outcomes;
    }

    private Task<IReadOnlyList<SigningOutcome>> NotAnImageAsync(ImageReference image, string? messageId, string reason, CancellationToken cancellationToken) =>
        TellAsync([.. attestors.Select(attestor => new SigningOutcome.NotAnImage(image, attestor.Name, reason))], messageId, cancellationToken);
}
