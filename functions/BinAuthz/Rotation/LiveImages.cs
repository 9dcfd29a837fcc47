namespace BinAuthz.Rotation;

/// <summary>What may still be deployed.</summary>
/// <param name="Attested">With a valid attestation.</param>
/// <param name="Affected">Without one since a revocation.</param>
/// <param name="Warnings">What could not be read, and what that means: nothing was left out for it.</param>
internal sealed record LiveImages(IReadOnlyList<LiveImage> Attested, IReadOnlyList<AffectedImage> Affected, IReadOnlyList<string> Warnings)
{
    /// <summary>Those of <see cref="Attested"/> that are admitted only because they were signed anew for the sake of an attestation that others may have made with a version that was revoked since.</summary>
    public IReadOnlyList<TaintedImage> Tainted { get; init; } = [];
}
