namespace BinAuthz.Attestations;

/// <summary>An attestation as it is stored: the signed bytes exactly, and their signatures.</summary>
internal sealed record Attestation(
    string Name,
    string ResourceUri,
    NoteName Note,
    ReadOnlyMemory<byte> Payload,
    IReadOnlyList<AttestationSignature> Signatures,
    DateTimeOffset? CreateTime);
