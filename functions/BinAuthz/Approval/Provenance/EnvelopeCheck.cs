using BinAuthz.Keys;

namespace BinAuthz.Approval.Provenance;

/// <summary>Weighs the DSSE envelope: its payload type, and a signature by a key that the policy trusts over type and payload.</summary>
/// <remarks>Signature and payload are bytes here, and are taken as they are: base64 text inside them is no signature.</remarks>
internal sealed class EnvelopeCheck(ProvenanceRequirements requirements, ImageFacts facts)
{
    private const string InTotoPayloadType = "application/vnd.in-toto+json";

    /// <summary>Null when one signature is a trusted key's.</summary>
    public ProvenanceFault? Weigh(ProvenanceEnvelope envelope)
    {
        if (!string.Equals(envelope.PayloadType, InTotoPayloadType, StringComparison.Ordinal))
        {
            return new("payload-type", $"the payload type is '{envelope.PayloadType}', not {InTotoPayloadType}", "Store in-toto provenance in a DSSE envelope.");
        }

        if (envelope.Signatures.Count == 0)
        {
            return new("provenance-unsigned", "the envelope carries no signature", "Use a builder that signs its provenance.");
        }

        var covered = DssePreAuthEncoding.Encode(envelope.PayloadType, envelope.Payload.Span);
        ProvenanceFault? worst = null;
        foreach (var signature in envelope.Signatures)
        {
            if (WeighSignature(signature, covered) is not { } fault)
            {
                return null;
            }

            // A trusted key that did not sign tells more than an unknown key.
            worst = worst is null || fault.Code != ProvenanceFault.KeyUnknown ? fault : worst;
        }

        return worst;
    }

    private ProvenanceFault? WeighSignature(DsseSignature signature, byte[] covered)
    {
        if (requirements.Keys.FirstOrDefault(key => string.Equals(key.Id, signature.KeyId, StringComparison.Ordinal)) is not { } trusted)
        {
            return new(
                ProvenanceFault.KeyUnknown,
                $"it is signed by '{signature.KeyId}', and the policy trusts {string.Join(", ", requirements.Keys.Select(key => $"'{key.Id}'"))}",
                "Build with a builder whose key is listed under rules.provenance.keys.");
        }

        if (PublicKeyOf(trusted) is not { } publicKey)
        {
            return new(
                "provenance-key-unavailable",
                $"Cloud KMS does not hand out the public key of {trusted.Id}: the version is disabled, destroyed or missing",
                "Enable the key version again when its signatures are to count, or list the key that took its place under rules.provenance.keys and build again.");
        }

        return publicKey.Verify(covered, signature.Value.Span)
            ? null
            : new("provenance-signature", $"the signature by {trusted.Id} does not verify over the stored envelope", "Build the image again: this provenance was not written by the builder, or was changed.");
    }

    private PublicKey? PublicKeyOf(ProvenanceKey key) =>
        key is ProvenanceKey.Pinned pinned ? pinned.Key : facts.ProvenanceKeys.GetValueOrDefault(key.Id);
}
