namespace BinAuthz.Attestations;

/// <summary>A signature and the id of the key that made it.</summary>
internal sealed record AttestationSignature(string PublicKeyId, ReadOnlyMemory<byte> Value);
