using BinAuthz.Attestations;
using BinAuthz.Images;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Enforcement = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EnforcementMode;
using Evaluation = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EvaluationMode;

namespace BinAuthz.Policies;

/// <summary>The policy that an environment should have; Google's system policy is always evaluated.</summary>
/// <param name="Project">The project id.</param>
/// <param name="Stance">What happens to images that are not attested.</param>
/// <param name="Attestors">Whose attestations an image needs, all of them; an open environment asks for none.</param>
internal sealed record EnvironmentPolicyTemplate(string Project, EnvironmentStance Stance, IReadOnlyList<AttestorName> Attestors)
{
    /// <summary>The clusters that are governed, as LOCATION.NAME; none: every cluster of the project.</summary>
    public IReadOnlyList<string> Clusters { get; init; } = [];

    /// <summary>With <see cref="Clusters"/>: whether all other clusters admit everything; otherwise they admit nothing.</summary>
    public bool OthersAreOpen { get; init; }

    /// <summary>Images that need no attestation.</summary>
    public IReadOnlyList<ImagePattern> Allowed { get; init; } = [];

    /// <summary>The policy.</summary>
    /// <exception cref="FormatException">A cluster is not LOCATION.NAME, or an environment that asks for attestations names no attestor.</exception>
    public Authz.Policy Render()
    {
        if (Stance != EnvironmentStance.Open && Attestors.Count == 0)
        {
            throw new FormatException("The environment requires attestations and names no attestor. Name at least one.");
        }

        if (Clusters.FirstOrDefault(cluster => !RuleMap.IsCluster(cluster)) is { } wrong)
        {
            throw new FormatException($"'{wrong}' is no cluster: write LOCATION.NAME, such as us-central1.prod (of a zonal cluster the zone: us-central1-a.prod).");
        }

        var policy = new Authz.Policy
        {
            Name = $"projects/{Project}/policy",
            GlobalPolicyEvaluationMode = Authz.Policy.Types.GlobalPolicyEvaluationMode.Enable,
            AdmissionWhitelistPatterns = { Allowed.Distinct().Select(pattern => new Authz.AdmissionWhitelistPattern { NamePattern = pattern.ToString() }) },
            DefaultAdmissionRule = Clusters.Count == 0 ? Rule() : new Authz.AdmissionRule
            {
                EvaluationMode = OthersAreOpen ? Evaluation.AlwaysAllow : Evaluation.AlwaysDeny,
                EnforcementMode = Enforcement.EnforcedBlockAndAuditLog,
            },
        };
        foreach (var cluster in Clusters)
        {
            policy.ClusterAdmissionRules[cluster] = Rule();
        }

        return policy;
    }

    private Authz.AdmissionRule Rule() => Stance == EnvironmentStance.Open
        ? new Authz.AdmissionRule { EvaluationMode = Evaluation.AlwaysAllow, EnforcementMode = Enforcement.EnforcedBlockAndAuditLog }
        : new Authz.AdmissionRule
        {
            EvaluationMode = Evaluation.RequireAttestation,
            EnforcementMode = Stance == EnvironmentStance.Enforced ? Enforcement.EnforcedBlockAndAuditLog : Enforcement.DryrunAuditLogOnly,
            RequireAttestationsBy = { Attestors.Distinct().Select(attestor => attestor.ToString()) },
        };
}
