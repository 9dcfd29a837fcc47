using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Rotation;

/// <summary>An image that a rotation signed anew for the sake of an attestation that others may have made.</summary>
/// <param name="Image">The image.</param>
/// <param name="Version">The version that was revoked since.</param>
internal sealed record TaintedImage(ImageReference Image, KeyVersionName Version);
