using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Policies;

namespace BinAuthz.Tests.Policies;

public sealed class EnvironmentPolicyTemplateTests
{
    private static readonly AttestorName Ours = AttestorName.Parse("projects/acme/attestors/production-attestor");

    [Theory]
    [InlineData(nameof(EnvironmentStance.Enforced), "  enforcementMode: ENFORCED_BLOCK_AND_AUDIT_LOG\n  evaluationMode: REQUIRE_ATTESTATION\n  requireAttestationsBy:\n  - projects/acme/attestors/production-attestor\n")]
    [InlineData(nameof(EnvironmentStance.DryRun), "  enforcementMode: DRYRUN_AUDIT_LOG_ONLY\n  evaluationMode: REQUIRE_ATTESTATION\n  requireAttestationsBy:\n  - projects/acme/attestors/production-attestor\n")]
    [InlineData(nameof(EnvironmentStance.Open), "  enforcementMode: ENFORCED_BLOCK_AND_AUDIT_LOG\n  evaluationMode: ALWAYS_ALLOW\n")]
    public void Render_Environment_IsItsRuleWithTheSystemPolicy(string stance, string rule) =>
        Assert.Equal(
            $"defaultAdmissionRule:\n{rule}globalPolicyEvaluationMode: ENABLE\nname: projects/acme/policy\n",
            new PolicyDocument(new EnvironmentPolicyTemplate("acme", Enum.Parse<EnvironmentStance>(stance), [Ours]).Render()).ToYaml());

    [Theory]
    [InlineData(true, "ALWAYS_ALLOW")]
    [InlineData(false, "ALWAYS_DENY")]
    public void Render_Clusters_GovernThemAndSayWhatHoldsForAllOthers(bool open, string others)
    {
        var template = new EnvironmentPolicyTemplate("acme", EnvironmentStance.DryRun, [Ours])
        {
            Clusters = ["us-central1.staging", "europe-west1-b.staging-2"],
            OthersAreOpen = open,
            Allowed = [ImagePattern.Parse("us-docker.pkg.dev/acme/base/**")],
        };

        var policy = template.Render();

        Assert.Equal(["europe-west1-b.staging-2", "us-central1.staging"], policy.ClusterAdmissionRules.Keys.Order(StringComparer.Ordinal));
        Assert.All(policy.ClusterAdmissionRules.Values, rule => Assert.Equal($"REQUIRE_ATTESTATION by {Ours}, in dry run", PolicyWords.Of(rule)));
        Assert.Equal($"{others}, enforced", PolicyWords.Of(policy.DefaultAdmissionRule));
        Assert.Equal("us-docker.pkg.dev/acme/base/**", Assert.Single(policy.AdmissionWhitelistPatterns).NamePattern);
    }

    [Theory]
    [InlineData(nameof(EnvironmentStance.Enforced))]
    [InlineData(nameof(EnvironmentStance.DryRun))]
    [InlineData(nameof(EnvironmentStance.Open))]
    public void Render_Environment_HasNoErrors(string stance)
    {
        var policy = new EnvironmentPolicyTemplate("acme", Enum.Parse<EnvironmentStance>(stance), [Ours]) { Clusters = ["us-central1.a"] }.Render();

        var findings = PolicyLinter.Lint(new PolicyDocument(policy), new PolicyLintOptions(Production: stance == nameof(EnvironmentStance.Enforced), Project: "acme"));

        Assert.DoesNotContain(findings, finding => finding.Severity != FindingSeverity.Note);
    }

    [Fact]
    public void Render_WithoutAttestors_IsRefused() =>
        Assert.Throws<FormatException>(() => new EnvironmentPolicyTemplate("acme", EnvironmentStance.Enforced, []).Render());

    [Theory]
    [InlineData("prod")]
    [InlineData("prod.us-central1")]
    public void Render_NoCluster_NamesIt(string cluster)
    {
        var error = Assert.Throws<FormatException>(() => new EnvironmentPolicyTemplate("acme", EnvironmentStance.Enforced, [Ours]) { Clusters = [cluster] }.Render());

        Assert.Contains($"'{cluster}'", error.Message, StringComparison.Ordinal);
    }
}
