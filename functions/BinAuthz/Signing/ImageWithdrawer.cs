using BinAuthz.Attestations;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Signing;

/// <summary>
/// Deletes attestations that a rotation made without weighing approval, when it turns out that the attestation for whose sake
/// it did may be somebody else's. What its record does not show to be such is never deleted.
/// </summary>
internal sealed class ImageWithdrawer(IReadOnlyList<AttestorResigner> attestors, BinaryAuthorizationClient authorization, ContainerAnalysisClient analysis, DecisionRecords records, DecisionJournal journal)
{
    private const int AtOnce = 16;

    /// <summary>Deletes what is to be deleted; what is gone already is no error.</summary>
    /// <param name="request">What the rotation asks for.</param>
    /// <param name="messageId">The message that asked; null: a person.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="GoogleCallException">A call was refused or not answered; the others were made.</exception>
    /// <exception cref="SigningException">The attestor is gone, or still trusts the version.</exception>
    public async Task WithdrawAsync(WithdrawRequest request, string? messageId, CancellationToken cancellationToken)
    {
        if (!attestors.Any(each => each.Name == request.Attestor))
        {
            return;
        }

        var attestor = await authorization.FindAttestorAsync(request.Attestor, cancellationToken).ConfigureAwait(false)
            ?? throw new SigningException($"There is no attestor {request.Attestor}. Make it with `binauthz setup`, or name another in the approval policy.");
        if (attestor.Keys.Any(key => key.Id == request.Key.PublicKeyId))
        {
            throw new SigningException($"What was signed for the sake of {request.Key} is to be withdrawn, and {attestor.Name} still trusts that version. Revoke it with `binauthz rotate revoke`.");
        }

        var failures = new SigningFailures();
        await failures.CollectAsync(request.Images, AtOnce, (image, token) => WithdrawAsync(image, attestor, request.Key, messageId, token), cancellationToken).ConfigureAwait(false);
        failures.ThrowIfAny();
    }

    private async Task WithdrawAsync(ImageReference image, Attestor attestor, KeyVersionName revoked, string? messageId, CancellationToken cancellationToken)
    {
        var verifier = new AttestationVerifier(attestor);
        var attestations = await analysis.ListAttestationsAsync(attestor.Note, [image.Digest], cancellationToken).ConfigureAwait(false);
        var signedAnew = (await records.ReadAsync(attestor.Name, image.Digest, cancellationToken).ConfigureAwait(false))
            .Select(record => new DecisionVerifier(attestor).Verify(record.Content, image.Digest)).OfType<DecisionVerdict.Valid>()
            .Where(record => record.Summary.ResignedFrom is not null).Select(record => record.KeyId).ToHashSet(StringComparer.Ordinal);
        string[] deleted = [.. attestations.Where(each => verifier.Verify(each, image.Digest) is AttestationVerdict.Valid valid && signedAnew.Contains(valid.KeyId)).Select(each => each.Name)];
        foreach (var occurrence in deleted)
        {
            await analysis.DeleteOccurrenceAsync(occurrence, cancellationToken).ConfigureAwait(false);
        }

        if (deleted.Length > 0)
        {
            await journal.RecordAsync(new SigningOutcome.Withdrawn(image, attestor.Name, revoked, deleted), messageId, cancellationToken).ConfigureAwait(false);
        }
    }
}
