using BinAuthz.Images;

namespace BinAuthz.Rotation;

/// <summary>An image that may still be deployed and has a valid attestation, or a platform of one.</summary>
/// <param name="Image">The image.</param>
/// <param name="KeyIds">The public key ids under which the attestor lists the keys that verify its attestations.</param>
/// <param name="IsRunning">Whether a pod runs it now, as far as that was read.</param>
internal sealed record LiveImage(ImageReference Image, IReadOnlySet<string> KeyIds, bool IsRunning);
