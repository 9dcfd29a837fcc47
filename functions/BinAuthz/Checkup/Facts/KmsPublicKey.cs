using BinAuthz.Keys;

namespace BinAuthz.Checkup.Facts;

/// <summary>The public key of a version, as Cloud KMS returns it.</summary>
/// <param name="Pem">The key.</param>
/// <param name="Algorithm">Null: one that Binary Authorization does not accept.</param>
internal sealed record KmsPublicKey(string Pem, SignatureAlgorithm? Algorithm);
