namespace BinAuthz.GoogleCloud;

/// <summary>What a note is.</summary>
/// <param name="IsAttestation">Whether it is of kind ATTESTATION; attestations hang on no other.</param>
/// <param name="Hint">Its <c>hint.humanReadableName</c>; empty when it has none.</param>
internal sealed record NoteDescription(bool IsAttestation, string Hint);
