using BinAuthz.Admission;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Policies;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Checkup.Facts;

/// <summary>Reads the policies, and the attestors that they name.</summary>
internal sealed class PolicyReader(BinaryAuthorizationClient authorization)
{
    /// <summary>Reads them.</summary>
    public async Task<PolicyFacts> ReadAsync(FactReader reader, CheckupRequest request, CancellationToken cancellationToken)
    {
        var policyRead = reader.ReadAsync(Access.Policy, stop => authorization.GetPolicyAsync(request.Project, stop), cancellationToken);
        var systemRead = reader.ReadAsync(Access.None, stop => authorization.GetSystemPolicyAsync(SystemPolicyLocation.Of(request.Cluster), stop), cancellationToken);
        await Task.WhenAll(policyRead, systemRead).ConfigureAwait(false);
        var policy = await policyRead.ConfigureAwait(false);
        AttestorName[] named = [.. policy is Fact<Authz.Policy>.Known known ? RuleLint.Named(known.Value).Except(request.Attestors.Select(each => each.Name)) : []];
        var attestors = await Task.WhenAll(named.Select(name => reader.ReadAsync(Access.Attestor, stop => authorization.FindAttestorAsync(name, stop), cancellationToken))).ConfigureAwait(false);
        return new PolicyFacts(policy, await systemRead.ConfigureAwait(false), named.Zip(attestors).ToDictionary(each => each.First, each => each.Second));
    }
}
