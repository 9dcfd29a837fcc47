using BinAuthz.Checkup;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Auditing.Facts;

/// <summary>What admission is decided by in the clusters of one project: its policy counts, whichever project the attestors are in.</summary>
/// <param name="Project">The project id.</param>
/// <param name="Policy">Its policy.</param>
/// <param name="Clusters">How each of its clusters evaluates, by <c>LOCATION.NAME</c>: the <c>binaryAuthorization.evaluationMode</c>; null inside: a rule names it, and there is no such cluster.</param>
internal sealed record ProjectAdmission(string Project, Fact<Authz.Policy> Policy, Fact<IReadOnlyDictionary<string, string?>> Clusters);
