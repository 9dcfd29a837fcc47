namespace BinAuthz.Approval.Provenance;

/// <summary>A signature on a DSSE envelope; <see cref="KeyId"/> is a hint that is looked up exactly.</summary>
internal sealed record DsseSignature(string KeyId, ReadOnlyMemory<byte> Value);
