using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Attestations;

/// <summary>
/// Decides as Binary Authorization does whether an attestation counts: any one signature by any one key of the attestor, found
/// by its exact id, over the stored bytes; then the digest in those bytes. The image's name is not compared.
/// </summary>
internal sealed class AttestationVerifier(Attestor attestor)
{
    private readonly ILookup<string, AttestorKey> keys = attestor.Keys.ToLookup(key => key.Id, StringComparer.Ordinal);

    /// <summary>Verifies one stored attestation for the image of this digest.</summary>
    public AttestationVerdict Verify(Attestation attestation, ImageDigest digest)
    {
        var signer = "";
        var fault = CheckPlace(attestation, digest) ?? FindSigner(attestation, out signer) ?? CheckPayload(attestation.Payload, digest);
        return fault is null ? new AttestationVerdict.Valid(signer) : fault;
    }

    /// <summary>The ids of all keys with which an attestation counts for the image of this digest; none: it does not count.</summary>
    public IReadOnlyList<string> SignersOf(Attestation attestation, ImageDigest digest)
    {
        if (CheckPlace(attestation, digest) is not null)
        {
            return [];
        }

        string[] signers = [.. attestation.Signatures.Where(signature => keys.Contains(signature.PublicKeyId) && Check(signature, attestation.Payload.Span) is null).Select(signature => signature.PublicKeyId).Distinct(StringComparer.Ordinal)];
        return signers.Length > 0 && CheckPayload(attestation.Payload, digest) is null ? signers : [];
    }

    private AttestationVerdict.Invalid? CheckPlace(Attestation attestation, ImageDigest digest)
    {
        ArgumentNullException.ThrowIfNull(attestation);
        ArgumentNullException.ThrowIfNull(digest);
        if (attestation.Note != attestor.Note)
        {
            return Invalid(AttestationFault.OtherNote, $"it is attached to {attestation.Note}, and {attestor.Name} reads {attestor.Note}");
        }

        return attestation.ResourceUri.EndsWith("@" + digest, StringComparison.Ordinal)
            ? null
            : Invalid(AttestationFault.OtherResource, $"it is stored for {attestation.ResourceUri}, not for {digest}");
    }

    private AttestationVerdict.Invalid? FindSigner(Attestation attestation, out string signer)
    {
        signer = "";
        var worst = AttestationFault.NoSignature;
        var reasons = new List<string>();
        foreach (var signature in attestation.Signatures)
        {
            if (Check(signature, attestation.Payload.Span) is not { } fault)
            {
                signer = signature.PublicKeyId;
                return null;
            }

            worst = fault.Code > worst ? fault.Code : worst;
            reasons.Add(fault.Reason);
        }

        return Invalid(worst, reasons.Count == 0 ? "it carries no signature" : string.Join("; ", reasons));
    }

    private AttestationVerdict.Invalid? Check(AttestationSignature signature, ReadOnlySpan<byte> payload)
    {
        AttestationVerdict.Invalid? fault = null;
        foreach (var key in keys[signature.PublicKeyId])
        {
            if (!key.TryImport(out var publicKey, out var error))
            {
                fault ??= Invalid(AttestationFault.UnreadableKey, $"the key {key.Id} of {attestor.Name} cannot be used: {error}");
            }
            else if (publicKey.Verify(payload, signature.Value.Span))
            {
                return null;
            }
            else
            {
                fault = Invalid(AttestationFault.BadSignature, $"the signature does not verify with {key.Id} ({publicKey.Algorithm.BinAuthzName}) over the stored payload");
            }
        }

        return fault ?? Invalid(AttestationFault.UnknownKey, $"it is signed by '{signature.PublicKeyId}', and {attestor.Name} lists {Listed()}");
    }

    private string Listed() => keys.Count == 0 ? "no keys" : string.Join(", ", keys.Select(key => $"'{key.Key}'"));

    private static AttestationVerdict.Invalid? CheckPayload(ReadOnlyMemory<byte> payload, ImageDigest digest)
    {
        if (!AttestationPayload.TryParse(payload, out var parsed, out var error))
        {
            return Invalid(AttestationFault.UnreadablePayload, $"the signature verifies, but an unexpected message was signed: {error}");
        }

        if (parsed.Digest != digest)
        {
            return Invalid(AttestationFault.OtherDigest, $"the signed payload is about {parsed.Digest}, not about {digest}");
        }

        return parsed.HasKnownType
            ? null
            : Invalid(AttestationFault.OtherType, $"the signed payload is of type '{parsed.Type}', not 'Google cloud binauthz container signature'");
    }

    private static AttestationVerdict.Invalid Invalid(AttestationFault code, string reason) => new(code, reason);
}
