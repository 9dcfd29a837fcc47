using BinAuthz.Emulator.Iam;
using BinAuthz.Emulator.Iam.Enforcement;
using Google.Cloud.Iam.Admin.V1;
using Google.Cloud.Iam.V1;
using Google.Type;

namespace BinAuthz.Emulator;

/// <summary>Roles and allow policies of a running emulator. They decide calls while <see cref="EmulatorSwitches.EnforceIam"/> is on.</summary>
public sealed class EmulatorAccess
{
    private readonly IamPolicies policies;
    private readonly RoleStore roles;

    private readonly Authorizer authorizer;

    internal EmulatorAccess(IamPolicies policies, RoleStore roles, Authorizer authorizer)
    {
        this.authorizer = authorizer;
        this.policies = policies;
        this.roles = roles;
    }

    /// <summary>What was decided since <see cref="ForgetDecisions"/>, oldest first; the last hundred thousand are kept.</summary>
    public IReadOnlyList<AccessDecision> Decisions => [.. authorizer.Decisions];

    /// <summary>Forgets what was decided.</summary>
    public void ForgetDecisions() => authorizer.Decisions.Clear();

    /// <summary>What a predefined role holds of the permissions that calls here need; null: it is a basic role, or not known here.</summary>
    /// <param name="role">Such as <c>roles/cloudkms.signer</c>.</param>
    public static IReadOnlyCollection<string>? PermissionsOf(string role) => PredefinedRoles.Find(role);

    /// <summary>Makes or replaces a custom role.</summary>
    /// <param name="name">Such as <c>projects/P/roles/ID</c>.</param>
    /// <param name="permissions">All that it holds.</param>
    public void DefineRole(string name, IEnumerable<string> permissions)
    {
        ArgumentNullException.ThrowIfNull(permissions);
        roles.Set(new Role { Name = name, Title = name, IncludedPermissions = { permissions } });
    }

    /// <summary>Gives members a role on a resource, and takes it from all others who had it there under the same condition.</summary>
    /// <param name="resource">Such as <c>projects/P/topics/T</c>; of a bucket <c>projects/_/buckets/B</c>.</param>
    /// <param name="role">Such as <c>roles/pubsub.publisher</c>.</param>
    /// <param name="members">Such as <c>serviceAccount:NAME@P.iam.gserviceaccount.com</c>; empty: nobody has it any more.</param>
    /// <param name="condition">The CEL expression under which alone they have it; empty: always.</param>
    public void Bind(string resource, string role, IEnumerable<string> members, string condition = "")
    {
        ArgumentNullException.ThrowIfNull(members);
        var policy = policies.Get(resource);
        foreach (var same in policy.Bindings.Where(binding => binding.Role == role && (binding.Condition?.Expression ?? "") == condition).ToArray())
        {
            policy.Bindings.Remove(same);
        }

        var bound = new Binding { Role = role, Members = { members } };
        if (condition.Length > 0)
        {
            bound.Condition = new Expr { Expression = condition, Title = "below" };
            policy.Version = 3;
        }

        if (bound.Members.Count > 0)
        {
            policy.Bindings.Add(bound);
        }

        policies.Set(resource, policy);
    }
}
