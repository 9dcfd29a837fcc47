using BinAuthz.Checkup;

namespace BinAuthz.Auditing.Readiness;

/// <summary>What our functions logged that an operator has to mend, or that they could not read.</summary>
/// <param name="Failures">The newest first.</param>
/// <param name="Gap">What could not be read; null: everything was.</param>
internal sealed record LoggedFailures(IReadOnlyList<LoggedFailure> Failures, Obstacle? Gap);
