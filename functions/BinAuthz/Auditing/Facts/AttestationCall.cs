namespace BinAuthz.Auditing.Facts;

/// <summary>A call that stored or changed attestations.</summary>
/// <param name="Entry">The log entry: the log's name, and the entry's id.</param>
/// <param name="Time">When, UTC.</param>
/// <param name="Principal">Who, by e-mail address; empty: the entry does not tell.</param>
/// <param name="Method">The short name of the method, such as <c>CreateOccurrence</c>.</param>
/// <param name="Notes">Under which notes; none: the entry does not tell.</param>
/// <param name="Images">Of which images.</param>
internal sealed record AttestationCall(string Entry, DateTimeOffset Time, string Principal, string Method, IReadOnlyList<string> Notes, IReadOnlyList<string> Images);
