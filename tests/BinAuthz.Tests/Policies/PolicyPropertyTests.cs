using BinAuthz.Policies;
using FsCheck.Xunit;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Enforcement = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EnforcementMode;
using Evaluation = Google.Cloud.BinaryAuthorization.V1.AdmissionRule.Types.EvaluationMode;

namespace BinAuthz.Tests.Policies;

/// <summary>What holds for every policy.</summary>
public sealed class PolicyPropertyTests
{
    [Property(Arbitrary = [typeof(AnyPolicy)], MaxTest = 500)]
    public bool Read_WrittenYaml_IsThePolicy(Authz.Policy policy)
    {
        var read = PolicyDocument.Read(new PolicyDocument(policy).ToYaml());

        return read.Faults.Count == 0 && read.Policy.Equals(policy);
    }

    [Property(Arbitrary = [typeof(AnyPolicy)], MaxTest = 500)]
    public bool Read_WrittenJson_IsThePolicy(Authz.Policy policy)
    {
        var read = PolicyDocument.Read(new PolicyDocument(policy).ToJson().ToJsonString());

        return read.Faults.Count == 0 && read.Policy.Equals(policy);
    }

    [Property(Arbitrary = [typeof(AnyPolicy)], MaxTest = 300)]
    public bool Compare_PolicyWithItself_FindsNothing(Authz.Policy policy) => PolicyDiff.Compare(policy, policy.Clone()).Count == 0;

    [Property(Arbitrary = [typeof(AnyPolicy)], MaxTest = 500)]
    public bool Compare_TheOtherWayRound_FindsAsManyChanges(Authz.Policy live, Authz.Policy wanted) =>
        PolicyDiff.Compare(live, wanted).Count == PolicyDiff.Compare(wanted, live).Count;

    [Property(Arbitrary = [typeof(AnyPolicy)], MaxTest = 500)]
    public bool Compare_RuleThatAdmitsWhatTheOtherDenies_Loosens(Authz.AdmissionRule before, Authz.AdmissionRule after)
    {
        var live = new Authz.Policy { DefaultAdmissionRule = before };
        var wanted = new Authz.Policy { DefaultAdmissionRule = after };

        return !AttestationSets().Any(attested => Admits(after, attested) && !Admits(before, attested)) || PolicyDiff.Compare(live, wanted).Any(change => change.Loosens);
    }

    [Property(Arbitrary = [typeof(AnyPolicy)], MaxTest = 500)]
    public bool Compare_NewSpecificRule_LoosensWhenItAdmitsWhatTheDefaultDenies(Authz.AdmissionRule before, Authz.AdmissionRule after)
    {
        var live = new Authz.Policy { DefaultAdmissionRule = before };
        var wanted = new Authz.Policy { DefaultAdmissionRule = before, ClusterAdmissionRules = { ["us-central1.prod"] = after } };

        return !AttestationSets().Any(attested => Admits(after, attested) && !Admits(before, attested)) || PolicyDiff.Compare(live, wanted).Any(change => change.Loosens);
    }

    private static IEnumerable<string[]> AttestationSets()
    {
        string[] all = ["projects/p/attestors/a", "projects/p/attestors/b", "projects/q/attestors/c"];
        return Enumerable.Range(0, 1 << all.Length).Select(bits => all.Where((_, index) => (bits & (1 << index)) != 0).ToArray());
    }

    // The rule of domain knowledge, written apart from the code under test.
    private static bool Admits(Authz.AdmissionRule rule, string[] attested) =>
        rule.EnforcementMode == Enforcement.DryrunAuditLogOnly
        || rule.EvaluationMode == Evaluation.AlwaysAllow
        || (rule.EvaluationMode == Evaluation.RequireAttestation && rule.RequireAttestationsBy.All(attested.Contains));
}
