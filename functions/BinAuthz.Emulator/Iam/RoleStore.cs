using BinAuthz.Emulator.Iam.Enforcement;
using BinAuthz.Emulator.State;
using Google.Cloud.Iam.Admin.V1;

namespace BinAuthz.Emulator.Iam;

/// <summary>Custom roles, and what every role holds.</summary>
internal sealed class RoleStore(EmulatorStore store)
{
    private readonly Table<Role> roles = store.Table("iam-role", Role.Parser);

    public Role? Find(string name) => roles.Find(name);

    public bool TryAdd(Role role) => roles.TryAdd(role.Name, role);

    public void Set(Role role) => roles.Set(role.Name, role);

    public Role? Update(string name, Func<Role, Role> change) => roles.Update(name, change);

    /// <summary>Whether a role holds a permission. A role that is not known here, or was deleted, holds nothing.</summary>
    public bool Holds(string role, string permission) => role.StartsWith("roles/", StringComparison.Ordinal)
        ? PredefinedRoles.Holds(role, permission)
        : Find(role) is { Deleted: false } custom && custom.IncludedPermissions.Contains(permission);
}
