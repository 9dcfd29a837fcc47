using BinAuthz.Approval.Pushes;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Signing;

/// <summary>
/// FLOW 1: from an image to its attestations. Three round trips one after the other: read everything, sign, store.
/// Running it twice, or stopping it between any two calls, leaves nothing that the next run does not finish.
/// </summary>
internal sealed class ImageSigner(EvidenceReader evidence, IReadOnlyList<AttestorSigner> attestors, TimeProvider time)
{
    /// <summary>Weighs the evidence for <paramref name="image"/>, and lets every attestor of the policy attest it, with every platform of an index.</summary>
    /// <returns>One outcome for each attestor, in the policy's order.</returns>
    /// <exception cref="GoogleCallException">A call was refused or not answered.</exception>
    /// <exception cref="SigningException">No key may sign, or the service keeps an attestation that is in the way.</exception>
    public Task<IReadOnlyList<SigningOutcome>> SignAsync(ImageReference image, CancellationToken cancellationToken) => SignAsync(image, [], cancellationToken);

    /// <summary>As <see cref="SignAsync(ImageReference, CancellationToken)"/>, with the pushes that the event itself tells of.</summary>
    public async Task<IReadOnlyList<SigningOutcome>> SignAsync(ImageReference image, IReadOnlyList<PushRecord> pushes, CancellationToken cancellationToken)
    {
        // 1. Refuse what no evidence could mend, before any call.
        var refused = attestors.Select(attestor => attestor.RefuseByName(image, time.GetUtcNow())).ToArray();
        if (Array.TrueForAll(refused, outcome => outcome is not null))
        {
            return refused!;
        }

        if (!RepositoryPath.TryParse(image.Name, out var repository))
        {
            return NotAnImage(image, "It is in no Artifact Registry repository; only there can the digest be confirmed. Push it to LOCATION-docker.pkg.dev.");
        }

        // 2. Read: the registry's word and the evidence, and for each attestor its keys and attestations.
        var reading = evidence.ReadAsync(image, repository, pushes, cancellationToken);
        var standings = Task.WhenAll(attestors.Select(attestor => attestor.ReadAsync(image.Digest, cancellationToken)));
        await Task.WhenAll(reading, standings).ConfigureAwait(false);
        var read = await reading.ConfigureAwait(false);
        if (read.Registered is not { IsContainerImage: true } registered)
        {
            return NotAnImage(image, read.Registered is { } other ? $"Its media type is {other.MediaType} {other.ArtifactType}." : "The registry has no such digest.");
        }

        // 3. Each attestor decides, signs and stores for itself.
        var now = time.GetUtcNow();
        var pairs = attestors.Zip(await standings.ConfigureAwait(false));
        return await Task.WhenAll(pairs.Select(pair => pair.First.SignAsync(registered, read.Facts, pair.Second, now, cancellationToken))).ConfigureAwait(false);
    }

    private SigningOutcome[] NotAnImage(ImageReference image, string reason) =>
        [.. attestors.Select(attestor => new SigningOutcome.NotAnImage(image, attestor.Name, reason))];
}
