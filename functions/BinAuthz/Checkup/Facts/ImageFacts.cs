using BinAuthz.Admission;
using BinAuthz.Images;

namespace BinAuthz.Checkup.Facts;

/// <summary>What was read of an image.</summary>
/// <param name="Text">As it was asked for.</param>
/// <param name="Digest">What it means; null: its registry cannot be asked. Null inside: the registry has no such image.</param>
/// <param name="Image">By digest, when that is known.</param>
/// <param name="Evidence">What admission is decided by; null: it does not come that far.</param>
internal sealed record ImageFacts(string Text, Fact<ImageDigest?>? Digest, ImageReference? Image, Fact<AdmissionEvidence>? Evidence);
