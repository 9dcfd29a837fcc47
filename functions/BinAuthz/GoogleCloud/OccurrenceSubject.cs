namespace BinAuthz.GoogleCloud;

/// <summary>What an occurrence hangs on.</summary>
/// <param name="ResourceUri">The image, or whatever else it is about.</param>
/// <param name="Note"><c>projects/P/notes/ID</c>, as the service writes it.</param>
internal sealed record OccurrenceSubject(string ResourceUri, string Note);
