namespace BinAuthz.Approval.Provenance;

/// <summary>The signed provenance of one BUILD occurrence, exactly as it is stored.</summary>
internal sealed record ProvenanceEnvelope(
    string OccurrenceName, string PayloadType, ReadOnlyMemory<byte> Payload, IReadOnlyList<DsseSignature> Signatures);
