using BinAuthz.Attestations;

namespace BinAuthz.Approval.Promotion;

/// <summary>An attestor whose attestation a policy asks for.</summary>
/// <param name="Attestor">Its name.</param>
/// <param name="Line">Where that stands in the policy.</param>
/// <param name="Column">Where in the line.</param>
internal sealed record RequiredAttestation(AttestorName Attestor, int Line, int Column);
