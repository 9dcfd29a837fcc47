using BinAuthz.Attestations;
using BinAuthz.Checkup;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Auditing.Facts;

/// <summary>What admission is decided by.</summary>
/// <param name="Policy">The project's policy.</param>
/// <param name="Attestors">Whom the policy asks; null inside: there is none of that name.</param>
/// <param name="Clusters">How each cluster evaluates, by <c>LOCATION.NAME</c>: the <c>binaryAuthorization.evaluationMode</c>; null inside: there is no such cluster.</param>
internal sealed record AuditedPolicy(Fact<Authz.Policy> Policy, IReadOnlyDictionary<AttestorName, Fact<Attestor?>> Attestors, Fact<IReadOnlyDictionary<string, string?>> Clusters);
