namespace BinAuthz.Rotation;

/// <summary>What may still be deployed.</summary>
/// <param name="Attested">With a valid attestation.</param>
/// <param name="Affected">Without one since a revocation.</param>
/// <param name="Warnings">What could not be read, and what that means: nothing was left out for it.</param>
internal sealed record LiveImages(IReadOnlyList<LiveImage> Attested, IReadOnlyList<AffectedImage> Affected, IReadOnlyList<string> Warnings);
