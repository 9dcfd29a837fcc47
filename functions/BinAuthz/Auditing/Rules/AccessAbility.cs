using BinAuthz.GoogleCloud;

namespace BinAuthz.Auditing.Rules;

/// <summary>Something that a member may do and that only some are expected to.</summary>
/// <param name="Permission">With which it is done.</param>
/// <param name="Words">After "may", such as <c>sign</c>.</param>
/// <param name="Severity">When somebody unexpected may.</param>
/// <param name="Expected">Who is expected to.</param>
/// <param name="Kinds">On which policies the permission counts.</param>
internal sealed record AccessAbility(string Permission, string Words, AuditSeverity Severity, IReadOnlyList<IReadOnlySet<string>> Expected, params IReadOnlyList<IamResourceKind> Kinds)
{
    /// <summary>Whether the member may do it, and nobody expects him to.</summary>
    public bool IsUnexpected(MemberAccess access) => IsHeld(access) && !Expected.Any(members => members.Contains(access.Member));

    /// <summary>Whether the member may do it.</summary>
    public bool IsHeld(MemberAccess access) => Kinds.Contains(access.Resource.Kind) && access.Holds(Permission);
}
