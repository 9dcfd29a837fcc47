using BinAuthz.Attestations;
using BinAuthz.Checkup;

namespace BinAuthz.Auditing.Scanning;

/// <summary>A scan that other processes have made in parts.</summary>
/// <param name="Snapshot">What all of them went by.</param>
/// <param name="Tallies">For each attestor of it whose keys are known what its attestations are.</param>
internal sealed record ScannedParts(ScanSnapshot Snapshot, IReadOnlyDictionary<AttestorName, Fact<ScanTally>> Tallies);
