namespace BinAuthz.Auditing.Archive;

/// <summary>
/// What is known of the chain from elsewhere, such as the message on the findings topic. Without it nobody can tell from an archive
/// whether its newest reports were removed.
/// </summary>
/// <param name="Digest"><c>sha256:…</c> of a statement that must be in the chain; null: not given.</param>
/// <param name="Sequence">The number of a report that must be in the chain; null: not given.</param>
internal sealed record ExpectedHead(string? Digest, long? Sequence);
