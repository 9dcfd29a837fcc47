using System.Collections.Concurrent;
using BinAuthz.Emulator.Hosting;
using Google.Cloud.Iam.V1;
using Grpc.Core;

namespace BinAuthz.Emulator.Iam.Enforcement;

/// <summary>
/// Decides calls by allow policies, while the switch says so. Who calls without a token is the operator, who may do
/// everything: he sets up what others then use.
/// </summary>
internal sealed class Authorizer(IamPolicies policies, RoleStore roles, ResourceHierarchy hierarchy, EmulatorSwitches switches)
{
    // Whose public keys everybody reads (docs: build/docs/securing-builds/view-build-provenance).
    private const string TrustedBuilder = "projects/verified-builder/";
    private const int Capacity = 100_000;
    private const string ServiceAccounts = ".gserviceaccount.com";

    /// <summary>Whether the calls of a principal are decided by policies.</summary>
    public bool Decides(string principal) => switches.EnforceIam && principal != Principal.Anonymous;

    /// <summary>Lets a call through, or not.</summary>
    /// <param name="principal">Who calls.</param>
    /// <param name="method">What is called.</param>
    /// <param name="needed">What that needs; null or empty: it is not known, and nobody with a name may call it.</param>
    /// <exception cref="RpcException">PERMISSION_DENIED, in Google's words.</exception>
    public void Check(string principal, string method, Func<IReadOnlyList<CheckedPermission>?> needed)
    {
        if (!Decides(principal))
        {
            return;
        }

        var all = needed();
        if (all is null or { Count: 0 })
        {
            throw Errors.Of(StatusCode.PermissionDenied, $"The emulator does not know which permission {method} needs, and enforces IAM: it is refused to {principal}.");
        }

        if (all.FirstOrDefault(each => !Holds(principal, each)) is { } lacking)
        {
            throw Errors.Denied(lacking.Permission, lacking.Resource);
        }
    }

    /// <summary>The decisions made so far, oldest first; the last hundred thousand are kept.</summary>
    public ConcurrentQueue<AccessDecision> Decisions { get; } = new();

    /// <summary>Whether policies give a principal a permission.</summary>
    public bool Holds(string principal, CheckedPermission needed)
    {
        var holds = IsHeld(principal, needed);
        Decisions.Enqueue(new AccessDecision(principal, needed.Permission, needed.Resource, holds));
        while (Decisions.Count > Capacity)
        {
            Decisions.TryDequeue(out _);
        }

        return holds;
    }

    private bool IsHeld(string principal, CheckedPermission needed) =>
        needed.Permission == MethodPermissions.Nothing
        || (needed is { Permission: "cloudkms.cryptoKeyVersions.viewPublicKey" } && needed.Resource.StartsWith(TrustedBuilder, StringComparison.Ordinal))
        || (!switches.WithheldPermissions.Contains(needed.Permission)
            && hierarchy.PoliciesOf(needed.Resource).SelectMany(name => policies.Get(name).Bindings).Any(binding => Gives(binding, principal, needed)));

    /// <summary>What testIamPermissions answers: as calls are decided, and for the operator whatever no switch withholds.</summary>
    public TestIamPermissionsResponse Held(string principal, TestIamPermissionsRequest request) => new() { Permissions = { Held(principal, request.Resource, request.Permissions) } };

    /// <summary>Which of some permissions a principal holds on a resource.</summary>
    public IEnumerable<string> Held(string principal, string resource, IEnumerable<string> permissions) =>
        permissions.Where(permission => Decides(principal) ? Holds(principal, new CheckedPermission(permission, resource)) : !switches.WithheldPermissions.Contains(permission));

    private bool Gives(Binding binding, string principal, CheckedPermission needed) =>
        binding.Members.Any(member => IsMember(member, principal))
        && IamCondition.Holds(binding.Condition?.Expression ?? "", needed.Resource)
        && roles.Holds(binding.Role, needed.Permission);

    // Who is in a group is not known here.
    private static bool IsMember(string member, string principal) =>
        member is "allUsers" or "allAuthenticatedUsers"
        || string.Equals(member, $"{(principal.EndsWith(ServiceAccounts, StringComparison.OrdinalIgnoreCase) ? "serviceAccount" : "user")}:{principal}", StringComparison.OrdinalIgnoreCase);
}
