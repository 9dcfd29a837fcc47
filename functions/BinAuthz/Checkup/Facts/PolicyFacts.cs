using BinAuthz.Attestations;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Checkup.Facts;

/// <summary>What admission is decided by.</summary>
/// <param name="Policy">The project's policy.</param>
/// <param name="System">Google's own policy.</param>
/// <param name="Attestors">Whom the policy asks besides the environment's attestors; null inside: there is none.</param>
internal sealed record PolicyFacts(Fact<Authz.Policy> Policy, Fact<Authz.Policy> System, IReadOnlyDictionary<AttestorName, Fact<Attestor?>> Attestors);
