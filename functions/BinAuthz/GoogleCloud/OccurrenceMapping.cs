using BinAuthz.Approval.Provenance;
using BinAuthz.Attestations;
using Google.Protobuf;
using Ca = Grafeas.V1;

namespace BinAuthz.GoogleCloud;

/// <summary>Container Analysis' occurrences as the facts that rules weigh.</summary>
internal static class OccurrenceMapping
{
    /// <summary>An occurrence of kind ATTESTATION.</summary>
    /// <exception cref="FormatException">Its note has no name of a note.</exception>
    public static Attestation Attestation(Ca.Occurrence occurrence) => new(
        occurrence.Name,
        occurrence.ResourceUri,
        NoteName.Parse(occurrence.NoteName),
        occurrence.Attestation.SerializedPayload.Memory,
        [.. occurrence.Attestation.Signatures.Select(signature => new AttestationSignature(signature.PublicKeyId, signature.Signature_.Memory))],
        occurrence.CreateTime?.ToDateTimeOffset());

    /// <summary>An attestation as an occurrence, without its name.</summary>
    public static Ca.Occurrence Occurrence(Attestation attestation) => new()
    {
        ResourceUri = attestation.ResourceUri,
        NoteName = attestation.Note.ToString(),
        Kind = Ca.NoteKind.Attestation,
        Attestation = new Ca.AttestationOccurrence
        {
            SerializedPayload = ByteString.CopyFrom(attestation.Payload.Span),
            Signatures = { attestation.Signatures.Select(signature => new Ca.Signature { PublicKeyId = signature.PublicKeyId, Signature_ = ByteString.CopyFrom(signature.Value.Span) }) },
        },
    };

    /// <summary>An occurrence of kind BUILD that has an envelope.</summary>
    public static ProvenanceEnvelope Provenance(Ca.Occurrence occurrence) => new(
        occurrence.Name,
        occurrence.Envelope.PayloadType,
        occurrence.Envelope.Payload.Memory,
        [.. occurrence.Envelope.Signatures.Select(signature => new DsseSignature(signature.Keyid, signature.Sig.Memory))]);
}
