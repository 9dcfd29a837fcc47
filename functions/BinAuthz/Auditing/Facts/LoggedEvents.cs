using BinAuthz.Checkup;

namespace BinAuthz.Auditing.Facts;

/// <summary>What the logs of a project told.</summary>
/// <param name="Project">The project.</param>
/// <param name="Events">The same thing again and again is one; the latest first.</param>
/// <param name="Gap">What could not be read; null: everything was.</param>
internal sealed record LoggedEvents(string Project, IReadOnlyList<AuditedEvent> Events, Obstacle? Gap);
