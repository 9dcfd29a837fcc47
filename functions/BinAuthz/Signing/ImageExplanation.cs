using BinAuthz.Approval;

namespace BinAuthz.Signing;

/// <summary>Why an image is signed, or is not.</summary>
/// <param name="Facts">What was weighed.</param>
/// <param name="NotAnImage">Why there is nothing to sign; null: it is an image.</param>
/// <param name="Attestors">In the policy's order; empty when there is nothing to sign.</param>
internal sealed record ImageExplanation(ImageFacts Facts, string? NotAnImage, IReadOnlyList<AttestorExplanation> Attestors);
