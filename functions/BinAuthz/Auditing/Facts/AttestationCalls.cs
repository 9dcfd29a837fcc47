using BinAuthz.Checkup;

namespace BinAuthz.Auditing.Facts;

/// <summary>The calls that others than the expected signers made to store or change attestations.</summary>
/// <param name="Project">In whose log they are.</param>
/// <param name="Calls">The newest first.</param>
/// <param name="Gap">What could not be read; null: everything was.</param>
internal sealed record AttestationCalls(string Project, IReadOnlyList<AttestationCall> Calls, Obstacle? Gap);
