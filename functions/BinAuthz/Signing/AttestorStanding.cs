using BinAuthz.Attestations;

namespace BinAuthz.Signing;

/// <summary>How an attestor stands to an image before anything is signed.</summary>
/// <param name="Trust">Its keys, and the one that signs.</param>
/// <param name="Attestations">Its attestations of the image; not verified yet.</param>
internal sealed record AttestorStanding(SigningTrust Trust, IReadOnlyList<Attestation> Attestations);
