namespace BinAuthz.Auditing.Facts;

/// <summary>What the attestations of an attestor's note are, counted; of what is wrong the first so many by name.</summary>
/// <param name="Total">How many attestations the note has.</param>
/// <param name="Valid">How many of them count for the image they are stored for.</param>
/// <param name="Findings">By the rule's id: what was found, the smallest resources first, and how many there are.</param>
internal sealed record AttestationTally(long Total, long Valid, IReadOnlyDictionary<string, RuleAssessment> Findings);
