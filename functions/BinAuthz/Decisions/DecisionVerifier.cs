using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Decisions;

/// <summary>Decides whether a stored record is the attestor's word: a key of the attestor, found by its exact id, over the stored bytes; only then what they say.</summary>
internal sealed class DecisionVerifier(Attestor attestor)
{
    /// <summary>Verifies one stored record for the image of this digest.</summary>
    public DecisionVerdict Verify(ReadOnlyMemory<byte> record, ImageDigest digest)
    {
        DsseEnvelope envelope;
        try
        {
            envelope = DsseEnvelope.Parse(record);
        }
        catch (FormatException error)
        {
            return Invalid($"it is no DSSE envelope: {error.Message}");
        }

        if (envelope.PayloadType != VerificationSummary.PayloadType)
        {
            return Invalid($"its payload is of type '{envelope.PayloadType}', not {VerificationSummary.PayloadType}");
        }

        return FindSigner(envelope, out var signer) ?? Read(envelope.Payload, signer, digest);
    }

    private DecisionVerdict.Invalid? FindSigner(DsseEnvelope envelope, out string signer)
    {
        var covered = DsseEnvelope.Covered(envelope.PayloadType, envelope.Payload.Span);
        var fault = Invalid("it carries no signature");
        foreach (var signature in envelope.Signatures)
        {
            signer = signature.KeyId;
            AttestorKey[] keys = [.. attestor.Keys.Where(key => key.Id == signature.KeyId)];
            if (Array.Exists(keys, key => key.TryImport(out var publicKey, out _) && publicKey.Verify(covered, signature.Value.Span)))
            {
                return null;
            }

            fault = keys.Length == 0
                ? new DecisionVerdict.Invalid(IsUnlistedKey: true, $"it is signed by '{signature.KeyId}', which {attestor.Name} does not list")
                : Invalid($"the signature does not verify with {signature.KeyId} over the stored payload");
        }

        signer = "";
        return fault;
    }

    private DecisionVerdict Read(ReadOnlyMemory<byte> payload, string signer, ImageDigest digest)
    {
        VerificationSummary summary;
        try
        {
            summary = VerificationSummaryReader.Read(payload);
        }
        catch (FormatException error)
        {
            return Invalid($"the signature verifies, but an unexpected message was signed: {error.Message}");
        }

        // A record that was copied to another image's, or another attestor's, place is genuine and still not theirs.
        return summary.Attestor != attestor.Name ? Invalid($"it is a decision of {summary.Attestor}, not of {attestor.Name}")
            : summary.Image.Digest != digest && !summary.Platforms.Contains(digest) ? Invalid($"it is about {summary.Image}, not about {digest}")
            : summary.Key.PublicKeyId != signer ? Invalid($"it names {summary.Key} as its key, and {signer} signed it")
            : new DecisionVerdict.Valid(signer, summary);
    }

    private static DecisionVerdict.Invalid Invalid(string reason) => new(IsUnlistedKey: false, reason);
}
