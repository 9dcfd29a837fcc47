using BinAuthz.Attestations;
using BinAuthz.Checkup;
using BinAuthz.Rotation;
using BinAuthz.Signing;

namespace BinAuthz.Auditing.Facts;

/// <summary>What was read of an attestor, of its keys and of its attestations.</summary>
/// <param name="Subject">The attestor and the key that signs for it.</param>
/// <param name="Attestor">Null inside: there is none.</param>
/// <param name="Versions">All versions of the signing key.</param>
/// <param name="Records">What the rotation recorded of their trust.</param>
/// <param name="Attestations">What its attestations are.</param>
internal sealed record AuditedAttestor(
    SigningIdentity Subject,
    Fact<Attestor?> Attestor,
    Fact<IReadOnlyList<AuditedVersion>> Versions,
    Fact<IReadOnlyList<KeyRecord>> Records,
    Fact<AttestationTally> Attestations)
{
    /// <summary>Whether the attestor's note exists; null: it was not asked for, because the attestor is not known.</summary>
    public Fact<bool>? HasNote { get; init; }
}
