using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using Grpc.Core;

namespace BinAuthz.Signing;

/// <summary>Stores attestations where there is place for them. What verifies is never deleted, and what does not only for what takes its place.</summary>
internal sealed class AttestationStore(ContainerAnalysisClient analysis)
{
    /// <summary>Nobody can store a further attestation of an image before somebody has deleted one.</summary>
    public static SigningException NoPlace(ImageReference image, Attestor attestor, IEnumerable<Attestation> existing) => new(
        $"{image} has attestations under {attestor.Note} that no key of {attestor.Name} verifies, and Container Analysis accepts no further one. Delete them: {string.Join(", ", existing.Select(each => each.Name))}.");

    /// <summary>Stores one attestation.</summary>
    /// <param name="project">Where a new occurrence is stored.</param>
    /// <param name="place">Its place.</param>
    /// <param name="attestation">As <see cref="AttestationPlace.With"/> makes it for that place.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The name of the occurrence, or null: the place is not as it was when it was chosen.</returns>
    /// <exception cref="SigningException">The service refuses one more signature, and there is no other place.</exception>
    public async Task<string?> StoreAsync(string project, AttestationPlace place, Attestation attestation, CancellationToken cancellationToken)
    {
        switch (place)
        {
            case AttestationPlace.InsteadOf { Dead: var dead }:
                await analysis.DeleteOccurrenceAsync(dead.Name, cancellationToken).ConfigureAwait(false);
                return await analysis.CreateAttestationAsync(project, attestation, cancellationToken).ConfigureAwait(false);
            case AttestationPlace.Beside { Spare: var spare }:
                return await UpdateAsync(attestation, spare, cancellationToken).ConfigureAwait(false);
            default:
                return await analysis.CreateAttestationAsync(project, attestation, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string?> UpdateAsync(Attestation attestation, string? spare, CancellationToken cancellationToken)
    {
        try
        {
            await analysis.UpdateAttestationAsync(attestation, cancellationToken).ConfigureAwait(false);
            return attestation.Name;
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return null;
        }
        catch (GoogleCallException error) when (error.Status is StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.Unimplemented)
        {
            throw new SigningException(
                $"Every place for an attestation of {attestation.ResourceUri} is taken by one that counts, and Container Analysis takes no further signature: {error.Message} "
                + (spare is null ? $"Let another image of this digest be attested, or delete {attestation.Name} when it may be denied for a moment." : $"Delete {attestation.Name}: {spare} keeps the image admitted, and the next delivery stores the new attestation in its place."),
                error);
        }
    }
}
