using BinAuthz.Attestations;
using BinAuthz.Keys;

namespace BinAuthz.Signing;

/// <summary>What is trusted now, and what signs now.</summary>
/// <param name="Attestor">With its keys.</param>
/// <param name="Verifier">Verifies against those keys.</param>
/// <param name="Signer">The version that signs; null when none may.</param>
/// <param name="Problem">Why none may, and the remedy.</param>
internal sealed record SigningTrust(Attestor Attestor, AttestationVerifier Verifier, SigningKeySelection.Selected? Signer, string? Problem);
