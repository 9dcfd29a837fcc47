using BinAuthz.GoogleCloud;
using BinAuthz.Setup;
using Grpc.Core;

namespace BinAuthz.Checkup.Facts;

/// <summary>Reads the policies of everything that the environment's plan grants roles on, and its custom roles.</summary>
internal sealed class GrantReader(IamClient iam)
{
    private readonly AccessPlan plan = AccessPlan.Load();

    /// <summary>Reads them.</summary>
    public async Task<GrantFacts> ReadAsync(FactReader reader, CheckupRequest request, CancellationToken cancellationToken)
    {
        var names = new AccessNames(request.Project, request.Environment, request.Attestors[0].Key.Location) { Bucket = request.EvidenceBucket };
        AccessBinding[] planned = [.. plan.Bindings(names).Where(binding => binding.Resource.Kind is not (IamResourceKind.Secret or IamResourceKind.Service))];
        IamResource[] resources = [.. planned.Select(binding => binding.Resource).Distinct()];
        var policies = Task.WhenAll(resources.Select(resource => reader.ReadAsync(Access.Policies, stop => FindAsync(resource, stop), cancellationToken)));
        var roles = await Task.WhenAll(plan.Roles.Select(role => reader.ReadAsync(Access.Roles, stop => iam.GetRoleAsync(names.Role(role.Id), stop), cancellationToken))).ConfigureAwait(false);
        return new GrantFacts(
            planned,
            resources.Zip(await policies.ConfigureAwait(false)).ToDictionary(each => each.First, each => each.Second),
            plan.Roles.Zip(roles).ToDictionary(each => names.Role(each.First.Id), each => (each.First.Permissions, each.Second)));
    }

    private async Task<IamPolicy?> FindAsync(IamResource resource, CancellationToken cancellationToken)
    {
        try
        {
            return await iam.GetPolicyAsync(resource, cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.NotFound)
        {
            return null;
        }
    }
}
