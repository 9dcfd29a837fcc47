using BinAuthz.GoogleCloud;

namespace BinAuthz.Auditing.Facts;

/// <summary>A version of a signing key.</summary>
/// <param name="Description">As Cloud KMS has it.</param>
/// <param name="Pem">Its public key as Cloud KMS gives it out; null: it does not, because the version is not enabled.</param>
internal sealed record AuditedVersion(KeyVersionDescription Description, string? Pem);
