using BinAuthz.Checkup;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Auditing.Facts;

/// <summary>A version of a signing key.</summary>
/// <param name="Description">As Cloud KMS has it.</param>
/// <param name="Pem">Its public key as Cloud KMS gives it out; null: it does not, because the version is not enabled, or it was not asked for, because the attestor does not list it.</param>
internal sealed record AuditedVersion(KeyVersionDescription Description, string? Pem)
{
    /// <summary>Why the public key could not be read; null: it was, or was not asked for.</summary>
    public Obstacle? Unread { get; init; }
}
