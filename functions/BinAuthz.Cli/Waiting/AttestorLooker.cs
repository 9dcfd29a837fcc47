using BinAuthz.Attestations;
using BinAuthz.Cli.Commands;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Signing;

namespace BinAuthz.Cli.Waiting;

/// <summary>Looks once whether an image is attested, and if it is not, what the signer last said of it.</summary>
/// <param name="analysis">Has the attestations.</param>
/// <param name="refusals">Has the refusals.</param>
/// <param name="bucket">Where they are kept; null: in the bucket of the attestor's project.</param>
internal sealed class AttestorLooker(ContainerAnalysisClient analysis, RefusalRecords refusals, string? bucket)
{
    /// <summary>Reads what is stored under the attestor's note for the image and its platforms, and verifies it with the keys that the attestor has.</summary>
    /// <exception cref="GoogleCallException">The attestations could not be read.</exception>
    public async Task<AttestorLook> LookAsync(Attestor attestor, ImageReference image, RegistryImage registered, CancellationToken cancellationToken)
    {
        var verifier = new AttestationVerifier(attestor);
        var stored = await analysis.ListAttestationsAsync(attestor.Note, [image.Digest, .. registered.RunnablePlatforms], cancellationToken).ConfigureAwait(false);
        var missing = new SigningTargets(image, registered, verifier, stored).Missing;
        var invalid = missing.SelectMany(each => stored
            .Where(attestation => attestation.ResourceUri.EndsWith(each.Digest.Value, StringComparison.Ordinal))
            .Select(attestation => new CheckedAttestation(attestation, verifier.Verify(attestation, each.Digest))));
        var look = new AttestorLook(attestor.Name, missing, [.. invalid]);
        return look.IsAttested ? look : await WithRefusalAsync(look, image.Digest, cancellationToken).ConfigureAwait(false);
    }

    // Who may not read the evidence bucket can still wait for the attestation; only the reason is lost.
    private async Task<AttestorLook> WithRefusalAsync(AttestorLook look, ImageDigest digest, CancellationToken cancellationToken)
    {
        var kept = bucket is null ? EvidenceBucket.Default(look.Attestor.Project) : new EvidenceBucket(bucket);
        try
        {
            return look with { Refusal = await refusals.FindLatestAsync(kept, look.Attestor, digest, cancellationToken).ConfigureAwait(false) };
        }
        catch (Exception error) when (error is GoogleCallException or FormatException)
        {
            return look with { Unreadable = error.Message };
        }
    }
}
