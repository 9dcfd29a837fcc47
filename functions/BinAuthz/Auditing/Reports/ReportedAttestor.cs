namespace BinAuthz.Auditing.Reports;

/// <summary>An attestor as it was found.</summary>
/// <param name="Name"><c>projects/P/attestors/ID</c>.</param>
/// <param name="Note">Its note; null: the attestor could not be read.</param>
/// <param name="Attestations">How many attestations the note has; null: not assessed.</param>
/// <param name="Valid">How many of them count; null: not assessed.</param>
/// <param name="Keys">What it trusts.</param>
internal sealed record ReportedAttestor(string Name, string? Note, long? Attestations, long? Valid, IReadOnlyList<ReportedKey> Keys);
