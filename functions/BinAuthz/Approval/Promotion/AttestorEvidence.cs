using BinAuthz.Attestations;

namespace BinAuthz.Approval.Promotion;

/// <summary>An attestor that a policy asks for.</summary>
/// <param name="Attestor">With its keys; null: there is no such attestor.</param>
/// <param name="Attestations">Under its note, for the digest that is weighed; not verified yet.</param>
internal sealed record AttestorEvidence(Attestor? Attestor, IReadOnlyList<Attestation> Attestations);
