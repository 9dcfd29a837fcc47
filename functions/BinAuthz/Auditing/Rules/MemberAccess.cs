using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Auditing.Rules;

/// <summary>What one member may do by the policy of one resource.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Member">Such as <c>user:ann@acme.com</c>.</param>
/// <param name="Roles">His roles on it.</param>
internal sealed record MemberAccess(IamResource Resource, string Member, IReadOnlyList<HeldRole> Roles)
{
    private static readonly HashSet<string> Nothing = [];

    /// <summary>The members of a policy. Google's own identities in the roles that are made for them are not among them.</summary>
    public static IEnumerable<MemberAccess> Of(AuditedAccess access, IamResource resource, IamPolicy policy) => policy.Bindings
        .SelectMany(binding => binding.Members.Select(member => (Member: member, Role: new HeldRole(binding.Role, binding.Condition, Permissions(access, binding.Role)))))
        .Where(held => !IamMember.IsServiceAgentIn(held.Member, held.Role.Role))
        .GroupBy(held => held.Member, held => held.Role, StringComparer.OrdinalIgnoreCase)
        .Select(member => new MemberAccess(resource, member.Key, [.. member]));

    /// <summary>The custom roles of some policies.</summary>
    public static IEnumerable<Fact<IReadOnlySet<string>>> CustomRoles(AuditedAccess access, IEnumerable<AuditedIamPolicy> policies) => policies
        .Select(policy => policy.Policy).OfType<Fact<IamPolicy>.Known>().SelectMany(policy => policy.Value.Bindings)
        .Select(binding => binding.Role).Where(PredefinedRoles.IsCustom).Distinct(StringComparer.Ordinal).Select(role => access.CustomRoles[role]);

    /// <summary>The roles that have a permission.</summary>
    public IEnumerable<HeldRole> With(string permission) => Roles.Where(role => role.Permissions?.Contains(permission) == true);

    /// <summary>Whether one of the roles has a permission.</summary>
    public bool Holds(string permission) => With(permission).Any();

    // A custom role that could not be read keeps the rule from being assessed, by itself.
    private static IReadOnlySet<string>? Permissions(AuditedAccess access, string role) =>
        PredefinedRoles.IsCustom(role) ? access.CustomRoles[role].Or(Nothing) : PredefinedRoles.Find(role);
}
