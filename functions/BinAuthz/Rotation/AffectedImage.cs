using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Rotation;

/// <summary>An image that lost its last valid attestation when a version was revoked.</summary>
/// <param name="Image">The image.</param>
/// <param name="Version">The version that was revoked.</param>
/// <param name="Attested">When the attestation was stored, UTC.</param>
/// <param name="PredatesCompromise">Whether that was before others may have been able to sign.</param>
/// <param name="WasWeighed">Whether approval has refused it since the revocation.</param>
/// <param name="IsRunning">Whether a pod runs it now, as far as that was read.</param>
internal sealed record AffectedImage(ImageReference Image, KeyVersionName Version, DateTimeOffset Attested, bool PredatesCompromise, bool WasWeighed, bool IsRunning)
{
    /// <summary>Whether approval is to be asked anew. What was attested later is left to a new push or scan.</summary>
    public bool IsRecoverable => PredatesCompromise && !WasWeighed;
}
