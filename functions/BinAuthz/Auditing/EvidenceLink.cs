namespace BinAuthz.Auditing;

/// <summary>Where a piece of evidence is.</summary>
/// <param name="Kind">What it is, such as <c>decision record</c>.</param>
/// <param name="Name">Its full name, such as <c>gs://…</c> or <c>projects/P/occurrences/ID</c>.</param>
internal sealed record EvidenceLink(string Kind, string Name);
