using BinAuthz.Attestations;
using BinAuthz.Keys;

namespace BinAuthz.Auditing.Scanning;

/// <summary>What was found out about one attestation. Its text is whatever somebody put there.</summary>
/// <param name="Attestation">As it is stored.</param>
internal sealed record InspectedAttestation(Attestation Attestation)
{
    /// <summary>The digest that it is stored for; null: its resource URI has none.</summary>
    public DigestKey? Digest { get; init; }

    /// <summary>Why its signatures were not verified; null: they were.</summary>
    public string? Limit { get; init; }

    /// <summary>The ids of the attestor's keys that one of its signatures verifies with.</summary>
    public IReadOnlyList<string> Signers { get; init; } = [];

    /// <summary>The versions that the attestor trusted once and trusts no more, that one of its signatures verifies with.</summary>
    public IReadOnlyList<KeyVersionName> FormerSigners { get; init; } = [];

    /// <summary>The versions that were revoked, trusted or not, that one of its signatures verifies with.</summary>
    public IReadOnlyList<FormerKey> RevokedSigners { get; init; } = [];

    /// <summary>The ids that neither the attestor lists nor a record keeps.</summary>
    public IReadOnlyList<string> UnknownKeys { get; init; } = [];

    /// <summary>The ids of known keys that did not make the signature that names them.</summary>
    public IReadOnlyList<string> BadSignatures { get; init; } = [];

    /// <summary>What its payload says; null: it cannot be read.</summary>
    public AttestationPayload? Payload { get; init; }

    /// <summary>Why its payload cannot be read; null: it can.</summary>
    public string? PayloadError { get; init; }

    /// <summary>Whether a repository keeps its image or a pod runs it; null: not known.</summary>
    public bool? HasImage { get; init; }

    /// <summary>Those of <see cref="Signers"/> of which the evidence bucket has no decision record for this image; null: not known.</summary>
    public IReadOnlyList<string>? Unrecorded { get; init; }

    /// <summary>Whether a signature verifies with a key that is or was the attestor's.</summary>
    public bool HasSigner => Signers.Count > 0 || FormerSigners.Count > 0;

    /// <summary>Whether it is about the digest that it is stored for.</summary>
    public bool IsAboutItsImage => Payload is not null && Digest is { } digest && DigestKey.Of(Payload.Digest) == digest;

    /// <summary>Whether it counts for its image, as Binary Authorization decides it.</summary>
    public bool IsValid => Signers.Count > 0 && IsAboutItsImage && Payload!.HasKnownType;
}
