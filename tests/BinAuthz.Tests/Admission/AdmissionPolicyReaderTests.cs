using BinAuthz.Admission;
using BinAuthz.Policies;

namespace BinAuthz.Tests.Admission;

public sealed class AdmissionPolicyReaderTests
{
    [Theory]
    [InlineData("policy-export.yaml")]
    [InlineData("policy-export.json")]
    public void Read_Export_HasEveryRule(string file)
    {
        var policy = AdmissionPolicyReader.Read(PolicyDocument.Read(TestData.Text($"policy/{file}")).Policy, file);

        Assert.True(policy.UsesSystemPolicy);
        Assert.Equal(["us-docker.pkg.dev/acme-prod/base-images/*", "gcr.io/google-samples/**"], policy.AllowList.Select(pattern => pattern.ToString()));
        Assert.Equal(["us-central1.acme-prod-gke", "us-central1.acme-staging-gke"], policy.Clusters.Order());
        var production = policy.Specific.Single(rule => rule.Basis.Key == "us-central1.acme-prod-gke");
        Assert.Equal(["projects/acme-security/attestors/release", "projects/acme-security/attestors/qa"], production.Attestors.Select(attestor => attestor.ToString()));
        Assert.False(production.IsDryRun);
        Assert.True(policy.Specific.Single(rule => rule != production).IsDryRun);
        Assert.Equal(AdmissionEvaluation.AlwaysDeny, policy.Default.Evaluation);
        Assert.Empty(policy.Warnings);
    }

    [Fact]
    public void Read_TwoMaps_IsAnError()
    {
        var policy = PolicyDocument.Read(TestData.Text("policy/policy-invalid-two-maps.yaml")).Policy;

        var error = Assert.Throws<ConfigurationException>(() => AdmissionPolicyReader.Read(policy, "two.yaml"));

        Assert.Contains("two.yaml: clusterAdmissionRules and kubernetesNamespaceAdmissionRules have rules, and a policy may use only one", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("description: x", "defaultAdmissionRule has no evaluationMode")]
    [InlineData("defaultAdmissionRule: {evaluationMode: ALWAYS_DENY}", "defaultAdmissionRule has no enforcementMode")]
    [InlineData("defaultAdmissionRule: {evaluationMode: REQUIRE_ATTESTATION, enforcementMode: ENFORCED_BLOCK_AND_AUDIT_LOG}", "must name attestors")]
    [InlineData("defaultAdmissionRule: {evaluationMode: ALWAYS_ALLOW, enforcementMode: ENFORCED_BLOCK_AND_AUDIT_LOG, requireAttestationsBy: [projects/p/attestors/a]}", "must name attestors")]
    [InlineData("defaultAdmissionRule: {evaluationMode: REQUIRE_ATTESTATION, enforcementMode: ENFORCED_BLOCK_AND_AUDIT_LOG, requireAttestationsBy: [release]}", "names the attestor 'release'")]
    public void Read_RuleThatCannotBeFollowed_IsAnError(string yaml, string rule)
    {
        var error = Assert.Throws<ConfigurationException>(() => AdmissionSamples.Policy(yaml));

        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PatternThatCannotBe_MatchesNothingAndIsTold()
    {
        var policy = AdmissionSamples.Default("DENY", more: "admissionWhitelistPatterns: [{namePattern: '*'}]");

        Assert.Empty(policy.AllowList);
        Assert.Contains("'*' is taken to match nothing", Assert.Single(policy.Warnings), StringComparison.Ordinal);
        Assert.True(AdmissionSamples.Evaluate(policy, AdmissionSamples.Workload("nginx")).IsBlocked);
    }

    [Fact]
    public void Needs_ManyWorkloads_NamesEachDigestOnceAndOnlyWhatIsDecidedByAttestation()
    {
        var policy = AdmissionSamples.Default("release", more: "admissionWhitelistPatterns: [{namePattern: 'us-docker.pkg.dev/acme-prod/apps/debug@*'}]");
        var workload = AdmissionSamples.Workload(AdmissionSamples.Image, AdmissionSamples.Image, AdmissionSamples.OtherImage, "nginx:latest");

        var needs = AdmissionNeeds.Of(policy, [], [workload, workload], null);

        var (attestor, digests) = Assert.Single(needs.Digests);
        Assert.Equal("projects/acme-security/attestors/release", attestor.ToString());
        Assert.Equal(AdmissionSamples.Image[^71..], Assert.Single(digests).Value);
    }

    [Fact]
    public void Needs_NothingReachesAnAttestor_IsEmpty() =>
        Assert.Empty(AdmissionNeeds.Of(AdmissionSamples.Default("release"), [], [AdmissionSamples.Workload("nginx:latest")], null).Digests);
}
