using BinAuthz.Keys;

namespace BinAuthz.Rotation;

/// <summary>What a revocation would do, as read just before.</summary>
/// <param name="Request">What is asked.</param>
/// <param name="IsTrusted">Whether the attestor lists the version now.</param>
/// <param name="Remaining">The versions that stay trusted.</param>
/// <param name="Affected">The images that lose their last valid attestation.</param>
/// <param name="Unaffected">How many images keep a valid attestation by another key.</param>
/// <param name="Warnings">What could not be read, and what that means.</param>
internal sealed record RevocationPlan(
    RevocationRequest Request, bool IsTrusted, IReadOnlyList<KeyVersionName> Remaining, IReadOnlyList<AffectedImage> Affected, int Unaffected, IReadOnlyList<string> Warnings)
{
    /// <summary>What is to be approved anew.</summary>
    public IReadOnlyList<AffectedImage> Recoverable => [.. Affected.Where(image => image.IsRecoverable)];

    /// <summary>What stays blocked: it was attested when others may have been able to sign.</summary>
    public IReadOnlyList<AffectedImage> Blocked => [.. Affected.Where(image => !image.IsRecoverable)];

    /// <summary>What was signed anew for the sake of an attestation that others may have made, and loses the new one, too.</summary>
    public IReadOnlyList<TaintedImage> Tainted { get; init; } = [];

    /// <summary>What runs now and would not be admitted any more.</summary>
    public IReadOnlyList<AffectedImage> Running => [.. Affected.Where(image => image.IsRunning)];
}
