using BinAuthz.Checkup;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Auditing.Facts;

/// <summary>Who may do what with keys, notes, attestors, the policy and the evidence. What folders and organizations grant is not in it.</summary>
/// <param name="Policies">The policies of all these resources and of their projects.</param>
/// <param name="CustomRoles">The permissions of every custom role that one of them names.</param>
/// <param name="Bucket">The evidence bucket; null inside: there is none.</param>
internal sealed record AuditedAccess(IReadOnlyList<AuditedIamPolicy> Policies, IReadOnlyDictionary<string, Fact<IReadOnlySet<string>>> CustomRoles, Fact<BucketDescription?> Bucket)
{
    /// <summary>The policies of some kinds of resources.</summary>
    public IEnumerable<AuditedIamPolicy> Of(params IReadOnlyList<IamResourceKind> kinds) => Policies.Where(policy => kinds.Contains(policy.Resource.Kind));
}
