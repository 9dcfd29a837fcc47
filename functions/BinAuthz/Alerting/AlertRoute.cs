using BinAuthz.Denials;

namespace BinAuthz.Alerting;

/// <summary>Which alerts go to which channels. An empty list of environments or kinds is all of them.</summary>
/// <param name="Channels">Names of channels.</param>
/// <param name="Environments">Names of environments.</param>
/// <param name="Kinds">Kinds.</param>
/// <param name="Minimum">The least severity.</param>
internal sealed record AlertRoute(IReadOnlyList<string> Channels, IReadOnlyList<string> Environments, IReadOnlyList<FindingKind> Kinds, AlertSeverity Minimum);
