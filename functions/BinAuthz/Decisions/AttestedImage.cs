using BinAuthz.Images;

namespace BinAuthz.Decisions;

/// <summary>An attestation that followed from a decision.</summary>
/// <param name="Image">The image, or a platform of it.</param>
/// <param name="Occurrence"><c>projects/P/occurrences/ID</c>.</param>
internal sealed record AttestedImage(ImageReference Image, string Occurrence);
