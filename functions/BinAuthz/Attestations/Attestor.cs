using BinAuthz.Keys;

namespace BinAuthz.Attestations;

/// <summary>Who is believed: a note that attestations hang on, and the keys whose signatures count.</summary>
internal sealed record Attestor(AttestorName Name, NoteName Note, IReadOnlyList<AttestorKey> Keys, string Etag);
