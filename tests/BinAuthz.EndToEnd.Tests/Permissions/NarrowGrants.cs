using System.Globalization;
using BinAuthz.Cli.Emulation;
using BinAuthz.Emulator;
using BinAuthz.Setup;

namespace BinAuthz.EndToEnd.Tests.Permissions;

/// <summary>Gives an identity of an emulated environment exactly the permissions that a plan names, and nothing else that the roles hold besides.</summary>
internal static class NarrowGrants
{
    /// <summary>Grants them.</summary>
    /// <param name="emulator">The emulator.</param>
    /// <param name="names">The environment.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="identity">The identity.</param>
    /// <param name="without">What it is not given.</param>
    public static void Install(EmulatorHost emulator, AccessNames names, AccessPlan plan, string identity, GrantPart? without = null)
    {
        var member = names.Member(identity);
        foreach (var (resource, binding, _) in WorldAccess.Plan.Bindings(names).Where(each => each.Binding.Members.Contains(member)))
        {
            emulator.Access.Bind(EnforcedAccess.PolicyName(resource), binding.Role, binding.Members.Where(other => other != member), binding.Condition);
        }

        foreach (var (index, grant) in plan.Grants.Index().Where(each => each.Item.Identity == identity))
        {
            var role = string.Create(CultureInfo.InvariantCulture, $"projects/{names.Project}/roles/trial.{index}");
            emulator.Access.DefineRole(role, grant.Permissions.Where(permission => without is not { Folder: null } || without.Grant != grant || permission != without.Permission));
            var whole = AccessPlan.Condition(names.Bucket, grant.Below);
            var condition = AccessPlan.Condition(names.Bucket, [.. grant.Below.Where(folder => without?.Grant != grant || folder != without.Folder)]);
            foreach (var policy in names.Resources(grant.On).Select(EnforcedAccess.PolicyName))
            {
                emulator.Access.Bind(policy, role, [], whole);
                emulator.Access.Bind(policy, role, grant.Below.Count > 0 && condition.Length == 0 ? [] : [member], condition);
            }
        }
    }

    /// <summary>Takes away what <see cref="Install"/> granted under a condition that held for fewer folders.</summary>
    public static void Remove(EmulatorHost emulator, AccessNames names, AccessPlan plan, GrantPart without)
    {
        var role = string.Create(CultureInfo.InvariantCulture, $"projects/{names.Project}/roles/trial.{plan.Grants.Index().Single(each => each.Item == without.Grant).Index}");
        foreach (var policy in names.Resources(without.Grant.On).Select(EnforcedAccess.PolicyName))
        {
            emulator.Access.Bind(policy, role, [], AccessPlan.Condition(names.Bucket, [.. without.Grant.Below.Where(folder => folder != without.Folder)]));
        }
    }
}
