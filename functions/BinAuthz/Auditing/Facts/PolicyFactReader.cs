using BinAuthz.Attestations;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;
using BinAuthz.Policies;
using Authz = Google.Cloud.BinaryAuthorization.V1;

namespace BinAuthz.Auditing.Facts;

/// <summary>Reads the policies, the attestors that they name and those beside them, and how clusters evaluate.</summary>
internal sealed class PolicyFactReader(BinaryAuthorizationClient authorization, ClusterClient clusters)
{
    /// <summary>Reads them.</summary>
    public async Task<AuditedPolicy> ReadAsync(FactReader reader, AuditRequest request, CancellationToken cancellationToken)
    {
        string[] projects = [request.Project, .. request.Options.Projects.Distinct(StringComparer.Ordinal).Where(project => project != request.Project)];
        var neighboursRead = reader.ReadAsync(Access.Attestors, stop => ListAsync([.. request.Subjects.Select(subject => subject.Attestor.Project).Distinct()], stop), cancellationToken);
        var admissions = await Task.WhenAll(projects.Select(project => ReadAsync(reader, project, cancellationToken))).ConfigureAwait(false);
        AttestorName[] named = [.. admissions.Select(each => each.Policy).OfType<Fact<Authz.Policy>.Known>().SelectMany(policy => RuleLint.Named(policy.Value)).Distinct()];
        var attestors = await Task.WhenAll(named.Select(name => reader.ReadAsync(Access.Attestor, stop => authorization.FindAttestorAsync(name, stop), cancellationToken))).ConfigureAwait(false);
        return new AuditedPolicy(admissions[0].Policy, named.Zip(attestors).ToDictionary(each => each.First, each => each.Second), admissions[0].Clusters)
        {
            Others = admissions[1..],
            Neighbours = await neighboursRead.ConfigureAwait(false),
        };
    }

    private async Task<ProjectAdmission> ReadAsync(FactReader reader, string project, CancellationToken cancellationToken)
    {
        var policyRead = reader.ReadAsync(Access.Policy, stop => authorization.GetPolicyAsync(project, stop), cancellationToken);
        var clustersRead = reader.ReadAsync(Access.Clusters, stop => clusters.ListEvaluationModesAsync(project, stop), cancellationToken);
        var policy = await policyRead.ConfigureAwait(false);
        return new ProjectAdmission(project, policy, WithNamed(await clustersRead.ConfigureAwait(false), policy));
    }

    // A rule for a cluster that does not exist governs nothing.
    private static Fact<IReadOnlyDictionary<string, string?>> WithNamed(Fact<IReadOnlyDictionary<string, string>> listed, Fact<Authz.Policy> policy)
    {
        if (listed is not Fact<IReadOnlyDictionary<string, string>>.Known known)
        {
            return new Fact<IReadOnlyDictionary<string, string?>>.Unknown(((Fact<IReadOnlyDictionary<string, string>>.Unknown)listed).Why);
        }

        IEnumerable<string> named = policy is Fact<Authz.Policy>.Known { Value: var live } ? live.ClusterAdmissionRules.Keys : [];
        return new Fact<IReadOnlyDictionary<string, string?>>.Known(
            known.Value.Keys.Union(named, StringComparer.Ordinal).ToDictionary(cluster => cluster, cluster => known.Value.GetValueOrDefault(cluster), StringComparer.Ordinal));
    }

    private async Task<IReadOnlyList<Attestor>> ListAsync(IReadOnlyList<string> projects, CancellationToken cancellationToken)
    {
        var attestors = new List<Attestor>();
        foreach (var project in projects)
        {
            attestors.AddRange(await authorization.ListAttestorsAsync(project, cancellationToken).ConfigureAwait(false));
        }

        return attestors;
    }
}
