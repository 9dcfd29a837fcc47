using BinAuthz.Setup;

namespace BinAuthz.EndToEnd.Tests.Permissions;

/// <summary>The smallest part of a plan that can be taken away: one permission of a grant, or one folder that it holds for.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Permission">The permission; when a folder is taken away, the one that is missed there.</param>
/// <param name="Folder">The folder; null: the permission is taken away.</param>
internal sealed record GrantPart(Grant Grant, string Permission, string? Folder = null)
{
    /// <summary>Every part of the grants of an identity.</summary>
    public static IReadOnlyList<GrantPart> Of(AccessPlan plan, string identity) =>
    [
        .. plan.Grants.Where(grant => grant.Identity == identity)
            .SelectMany(grant => grant.Permissions.Select(permission => new GrantPart(grant, permission)).Concat(grant.Below.Select(folder => new GrantPart(grant, grant.Permissions[0], folder)))),
    ];

    public override string ToString() => $"{Permission} on {Grant.On}{(Folder is null ? "" : $" below {Folder}")}";
}
