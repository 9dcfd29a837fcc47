using BinAuthz.Keys;

namespace BinAuthz.Cli.Approval;

/// <summary>A public key that Cloud KMS would hand out.</summary>
/// <param name="File">The PEM file.</param>
/// <param name="Algorithm">Null: the elliptic curve of the key tells it.</param>
internal sealed record CaseKey(string File, SignatureAlgorithm? Algorithm);
