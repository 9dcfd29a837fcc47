using BinAuthz.Policies;

namespace BinAuthz.Tests.Policies;

public sealed class PolicyDiffTests
{
    private const string RuleAllow = "evaluationMode: ALWAYS_ALLOW";

    [Theory]
    [InlineData("name: ", "etag: x\nname: ")]
    [InlineData("acme-prod/policy", "acme-staging/policy")]
    public void Compare_NameOrEtag_IsNoChange(string replaced, string by) => Assert.Empty(Compare(replaced, by));

    [Theory]
    [InlineData("name: ", "description: strict\nname: ", nameof(PolicyEffect.Neutral), "description: '' becomes 'strict'", nameof(PolicyEffect.Neutral))]
    [InlineData("Mode: ENABLE", "Mode: DISABLE", nameof(PolicyEffect.Tightens), "ENABLE becomes DISABLE", nameof(PolicyEffect.Loosens))]
    [InlineData("globalPolicyEvaluationMode: ENABLE\n", "", nameof(PolicyEffect.Tightens), "ENABLE becomes DISABLE", nameof(PolicyEffect.Loosens))]
    [InlineData("- namePattern: us-docker", "- namePattern: gcr.io/a/**\n- namePattern: us-docker", nameof(PolicyEffect.Loosens), "gcr.io/a/** is added and admitted without attestation", nameof(PolicyEffect.Tightens))]
    [InlineData("ALWAYS_DENY", "ALWAYS_ALLOW", nameof(PolicyEffect.Loosens), "defaultAdmissionRule: ALWAYS_DENY, enforced becomes ALWAYS_ALLOW, enforced", nameof(PolicyEffect.Tightens))]
    [InlineData("    enforcementMode: ENFORCED_BLOCK_AND_AUDIT_LOG", "    enforcementMode: DRYRUN_AUDIT_LOG_ONLY", nameof(PolicyEffect.Loosens), "clusterAdmissionRules['us-central1.prod']: enforced becomes in dry run", nameof(PolicyEffect.Tightens))]
    [InlineData("    - projects", "    - projects/a/attestors/qa\n    - projects", nameof(PolicyEffect.Tightens), "projects/a/attestors/qa is required as well", nameof(PolicyEffect.Loosens))]
    [InlineData("REQUIRE_ATTESTATION\n    requireAttestationsBy:\n    - projects/acme-security/attestors/release", "ALWAYS_DENY", nameof(PolicyEffect.Tightens), "REQUIRE_ATTESTATION by projects/acme-security/attestors/release, enforced becomes ALWAYS_DENY, enforced", nameof(PolicyEffect.Loosens))]
    public void Compare_OneChange_IsOneLineWithItsEffectInEitherDirection(string replaced, string by, string effect, string words, string back)
    {
        var change = Assert.Single(Compare(replaced, by));

        Assert.Equal(effect, change.Effect.ToString());
        Assert.Contains(words, change.Words, StringComparison.Ordinal);
        Assert.Equal(back, Assert.Single(PolicyDiff.Compare(PolicySamples.Read(Changed(replaced, by)), PolicySamples.Read(PolicySamples.Clean))).Effect.ToString());
    }

    [Fact]
    public void Compare_OneAttestorForAnother_LoosensAndTightens() =>
        Assert.Equal([PolicyEffect.Tightens, PolicyEffect.Loosens], Compare("attestors/release", "attestors/qa").Select(change => change.Effect));

    [Fact]
    public void Compare_OpenRuleThatBecomesADryRun_Tightens()
    {
        var live = Changed("evaluationMode: ALWAYS_DENY", RuleAllow);
        var wanted = Changed("ENFORCED_BLOCK_AND_AUDIT_LOG\n  evaluationMode: ALWAYS_DENY", "DRYRUN_AUDIT_LOG_ONLY\n  evaluationMode: ALWAYS_DENY");

        Assert.Equal(PolicyEffect.Tightens, Assert.Single(PolicyDiff.Compare(PolicySamples.Read(live), PolicySamples.Read(wanted))).Effect);
    }

    [Theory]
    [InlineData("ALWAYS_DENY", nameof(PolicyEffect.Loosens), nameof(PolicyEffect.Tightens))]
    [InlineData("ALWAYS_ALLOW", nameof(PolicyEffect.Tightens), nameof(PolicyEffect.Loosens))]
    public void Compare_SpecificRule_IsMeasuredByTheDefaultThatItReplaces(string mode, string added, string removed)
    {
        var with = PolicySamples.Read(Changed("ALWAYS_DENY", mode));
        var without = with.Clone();
        without.ClusterAdmissionRules.Clear();

        Assert.Equal(added, Assert.Single(PolicyDiff.Compare(without, with)).Effect.ToString());
        Assert.Equal(removed, Assert.Single(PolicyDiff.Compare(with, without)).Effect.ToString());
    }

    [Fact]
    public void Compare_DryRunAttestors_StillCount()
    {
        var dryRun = PolicySamples.Read(Changed("    enforcementMode: ENFORCED_BLOCK_AND_AUDIT_LOG", "    enforcementMode: DRYRUN_AUDIT_LOG_ONLY"));
        var two = dryRun.Clone();
        two.ClusterAdmissionRules["us-central1.prod"].RequireAttestationsBy.Add("projects/a/attestors/qa");

        Assert.Equal(PolicyEffect.Tightens, Assert.Single(PolicyDiff.Compare(dryRun, two)).Effect);
    }

    [Fact]
    public void Compare_OtherOrder_IsNoChange()
    {
        var policy = PolicySamples.Read(TestData.Text("policy/policy-export.yaml"));
        var other = policy.Clone();
        var first = other.AdmissionWhitelistPatterns[0];
        other.AdmissionWhitelistPatterns.RemoveAt(0);
        other.AdmissionWhitelistPatterns.Add(first);

        Assert.Empty(PolicyDiff.Compare(policy, other));
    }

    private static string Changed(string replaced, string by)
    {
        Assert.Contains(replaced, PolicySamples.Clean, StringComparison.Ordinal);
        return PolicySamples.Clean.Replace(replaced, by, StringComparison.Ordinal);
    }

    private static IReadOnlyList<PolicyChange> Compare(string replaced, string by) =>
        PolicyDiff.Compare(PolicySamples.Read(PolicySamples.Clean), PolicySamples.Read(Changed(replaced, by)));
}
