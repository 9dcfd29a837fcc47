using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Cloud.Iam.V1;
using Google.Protobuf;

namespace BinAuthz.Emulator.Iam;

/// <summary>The allow policy of each resource. With the switch for it they decide calls: <see cref="Enforcement.Authorizer"/>.</summary>
internal sealed class IamPolicies(EmulatorStore store, ServiceAccountStore accounts)
{
    // What Google answers for a resource without a policy.
    private static readonly ByteString EmptyEtag = ByteString.FromBase64("ACAB");

    private readonly Table<Policy> policies = store.Table("iam-policy", Policy.Parser);

    public Policy Get(string resource) => policies.Find(resource) ?? new Policy { Etag = EmptyEtag };

    /// <summary>Replaces a policy.</summary>
    /// <exception cref="Grpc.Core.RpcException">ABORTED: the etag is not the current one. INVALID_ARGUMENT: a binding has no role or a member has no kind.</exception>
    public Policy Set(string resource, Policy? policy) => Set(resource, policy, setsAuditConfigs: true);

    /// <summary>Replaces a policy, and what it says of audit logs only if asked to: without a mask <c>bindings, etag</c> are set (proto: SetIamPolicyRequest.update_mask).</summary>
    public Policy Set(string resource, Policy? policy, bool setsAuditConfigs)
    {
        policy ??= new Policy();
        Check(policy);
        policies.TryAdd(resource, new Policy { Etag = EmptyEtag });
        return policies.Update(resource, current =>
        {
            if (!policy.Etag.IsEmpty && policy.Etag != current.Etag)
            {
                throw Errors.Aborted("There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.");
            }

            var stored = policy.Clone();
            if (!setsAuditConfigs)
            {
                stored.AuditConfigs.Clear();
                stored.AuditConfigs.Add(current.AuditConfigs);
            }

            stored.Etag = Etags.Of(stored);
            return stored;
        })!;
    }

    private void Check(Policy policy)
    {
        foreach (var binding in policy.Bindings)
        {
            if (binding.Role.Length == 0)
            {
                throw Errors.Invalid("A binding of the policy has no role.");
            }

            if (binding.Members.FirstOrDefault(member => !member.Contains(':', StringComparison.Ordinal) && member is not ("allUsers" or "allAuthenticatedUsers")) is { } wrong)
            {
                throw Errors.Invalid($"Member {wrong} is of an unknown type. Please set a valid type prefix for the member.");
            }

            if (binding.Members.FirstOrDefault(member => accounts.IsUnknownStill(member[(member.IndexOf(':', StringComparison.Ordinal) + 1)..])) is { } fresh)
            {
                throw Errors.Invalid($"Service account {fresh[(fresh.IndexOf(':', StringComparison.Ordinal) + 1)..]} does not exist.");
            }
        }
    }
}
