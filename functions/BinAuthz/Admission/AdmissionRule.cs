using BinAuthz.Attestations;

namespace BinAuthz.Admission;

/// <summary>One rule of a policy.</summary>
/// <param name="Basis">Which one.</param>
/// <param name="Evaluation">How it judges.</param>
/// <param name="IsDryRun">Whether what it denies is only logged.</param>
/// <param name="Attestors">All of which must have attested; empty unless the rule requires attestations.</param>
internal sealed record AdmissionRule(AdmissionBasis Basis, AdmissionEvaluation Evaluation, bool IsDryRun, IReadOnlyList<AttestorName> Attestors);
