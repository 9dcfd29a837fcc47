using BinAuthz.Approval.Provenance;
using BinAuthz.Attestations;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using Grpc.Core;

namespace BinAuthz.Signing;

/// <summary>Signs with the version that was chosen, and verifies with the attestor's key before anybody else sees the signature.</summary>
internal sealed class VerifiedSigner(SigningTrustSource trusts, KeyManagementClient kms)
{
    /// <summary>Signs the payload of an attestation of <paramref name="image"/>.</summary>
    /// <exception cref="SigningException">The signature does not verify with the attestor's key.</exception>
    public async Task<AttestationSignature> SignAsync(ImageReference image, ReadOnlyMemory<byte> payload, SigningKeySelection.Selected signer, CancellationToken cancellationToken) =>
        new(signer.Version.PublicKeyId, await SignBytesAsync(payload, image, signer, cancellationToken).ConfigureAwait(false));

    /// <summary>Signs the record of a decision; its envelope as it is stored.</summary>
    /// <exception cref="SigningException">The signature does not verify with the attestor's key.</exception>
    public async Task<byte[]> SignRecordAsync(VerificationSummary summary, SigningKeySelection.Selected signer, CancellationToken cancellationToken)
    {
        var statement = summary.ToBytes();
        var signature = await SignBytesAsync(DsseEnvelope.Covered(VerificationSummary.PayloadType, statement), summary.Image, signer, cancellationToken).ConfigureAwait(false);
        return new DsseEnvelope(VerificationSummary.PayloadType, statement, [new DsseSignature(signer.Version.PublicKeyId, signature)]).ToBytes();
    }

    private async Task<byte[]> SignBytesAsync(ReadOnlyMemory<byte> data, ImageReference image, SigningKeySelection.Selected signer, CancellationToken cancellationToken)
    {
        byte[] signature;
        try
        {
            signature = await kms.SignAsync(signer.Version, signer.Algorithm, data, cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.FailedPrecondition)
        {
            // The version was disabled since it was chosen; the next delivery chooses anew.
            trusts.Forget();
            throw;
        }

        return signer.Key.Verify(data.Span, signature)
            ? signature
            : throw new SigningException($"The signature that {signer.Version} made for {image} does not verify with the key that the attestor lists under {signer.Version.PublicKeyId}. Nothing was stored. Compare the attestor's key with `gcloud kms keys versions get-public-key`.");
    }
}
