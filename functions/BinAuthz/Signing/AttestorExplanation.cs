using BinAuthz.Approval;

namespace BinAuthz.Signing;

/// <summary>What one attestor would do with an image.</summary>
/// <param name="Policy">Its part of the policy.</param>
/// <param name="Decision">What its rules say.</param>
/// <param name="IsSigned">Whether the image, with every platform of an index, has a valid attestation of this attestor; null: nothing was read, because the name alone is refused.</param>
internal sealed record AttestorExplanation(AttestorPolicy Policy, ApprovalDecision Decision, bool? IsSigned);
