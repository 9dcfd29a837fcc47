using BinAuthz.Attestations;
using BinAuthz.Images;

namespace BinAuthz.Auditing.Facts;

/// <summary>An image that an attestor has no valid attestation of.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Attestor">Whose attestation is missing.</param>
internal sealed record UncoveredImage(ImageDigest Digest, AttestorName Attestor)
{
    /// <summary>Under which name a repository has it; null: it only runs.</summary>
    public ImageReference? Image { get; init; }

    /// <summary>When it was pushed, UTC; null: not known.</summary>
    public DateTimeOffset? Uploaded { get; init; }

    /// <summary>Whether a pod runs it.</summary>
    public bool IsRunning { get; init; }

    /// <summary>What the signer last decided about it; null: it never did.</summary>
    public LastDecision? Decision { get; init; }
}
