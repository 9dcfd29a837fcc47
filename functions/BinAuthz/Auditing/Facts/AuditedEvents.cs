using BinAuthz.Checkup;

namespace BinAuthz.Auditing.Facts;

/// <summary>What the logs tell since the report before.</summary>
/// <param name="Logs">What happened at admission and to what is trusted, of each project whose logs are read.</param>
/// <param name="Attestations">Who made or changed attestations, of each project that has some; only Data Access logs tell.</param>
internal sealed record AuditedEvents(IReadOnlyList<Fact<LoggedEvents>> Logs, IReadOnlyList<Fact<AttestationCalls>> Attestations);
