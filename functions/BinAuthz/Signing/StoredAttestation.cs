using BinAuthz.Images;

namespace BinAuthz.Signing;

/// <summary>An attestation that was stored.</summary>
/// <param name="Image">The image, or a platform of it.</param>
/// <param name="Occurrence"><c>projects/P/occurrences/ID</c>.</param>
internal sealed record StoredAttestation(ImageReference Image, string Occurrence);
