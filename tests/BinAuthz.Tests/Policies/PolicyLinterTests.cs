using BinAuthz.Attestations;
using BinAuthz.Keys;
using BinAuthz.Policies;

namespace BinAuthz.Tests.Policies;

public sealed class PolicyLinterTests
{
    private static readonly AttestorName Release = AttestorName.Parse(PolicySamples.Release);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lint_CleanPolicy_FindsNothing(bool production) =>
        Assert.Empty(PolicySamples.Lint("name: ", "name: ", new PolicyLintOptions(production, "acme-prod") { Attestors = Found(Attestor(keys: 1)) }));

    [Theory]
    [InlineData("REQUIRE_ATTESTATION", "ALWAYS_DENY", "attestors-unused", "$.clusterAdmissionRules['us-central1.prod'].requireAttestationsBy", 7, 5)]
    [InlineData("REQUIRE_ATTESTATION", "ALWAYS_ALLOW", "attestors-unused", "$.clusterAdmissionRules['us-central1.prod'].requireAttestationsBy", 7, 5)]
    [InlineData("ALWAYS_DENY", "REQUIRE_ATTESTATION", "attestors-missing", "$.defaultAdmissionRule.requireAttestationsBy", 9, 1)]
    [InlineData("projects/acme-security/attestors/release", "release", "attestor-name-malformed", "$.clusterAdmissionRules['us-central1.prod'].requireAttestationsBy[0]", 8, 7)]
    [InlineData("    - projects/acme-security/attestors/release", "    - projects/a/attestors/b\n    - projects/a/attestors/b", "attestor-twice", "$.clusterAdmissionRules['us-central1.prod'].requireAttestationsBy[1]", 9, 7)]
    [InlineData("globalPolicyEvaluationMode: ENABLE\n", "", "global-evaluation-off", "$.globalPolicyEvaluationMode", 1, 1)]
    [InlineData("globalPolicyEvaluationMode: ENABLE", "globalPolicyEvaluationMode: DISABLE", "global-evaluation-off", "$.globalPolicyEvaluationMode", 12, 29)]
    [InlineData("globalPolicyEvaluationMode: ENABLE", "globalPolicyEvaluationMode: ENABLE\nkubernetesNamespaceAdmissionRules:\n  payments:\n    enforcementMode: ENFORCED_BLOCK_AND_AUDIT_LOG\n    evaluationMode: ALWAYS_DENY", "two-rule-maps", "$.kubernetesNamespaceAdmissionRules", 13, 1)]
    [InlineData("  us-central1.prod", "  prod", "cluster-key-malformed", "$.clusterAdmissionRules['prod']", 4, 3)]
    [InlineData("  us-central1.prod", "  us-central1/prod", "cluster-key-malformed", "$.clusterAdmissionRules['us-central1/prod']", 4, 3)]
    [InlineData("  us-central1.prod", "  prod.us-central1", "cluster-key-malformed", "$.clusterAdmissionRules['prod.us-central1']", 4, 3)]
    [InlineData("  us-central1.prod", "  us-central1.Prod", "cluster-key-malformed", "$.clusterAdmissionRules['us-central1.Prod']", 4, 3)]
    [InlineData("  us-central1.prod", "  projects/p/locations/us-central1/clusters/prod", "cluster-key-malformed", "$.clusterAdmissionRules['projects/p/locations/us-central1/clusters/prod']", 4, 3)]
    [InlineData("clusterAdmissionRules:\n  us-central1.prod", "kubernetesNamespaceAdmissionRules:\n  Payments", "namespace-key-malformed", "$.kubernetesNamespaceAdmissionRules['Payments']", 4, 3)]
    [InlineData("clusterAdmissionRules:\n  us-central1.prod", "kubernetesNamespaceAdmissionRules:\n  payments:deployer", "namespace-key-malformed", "$.kubernetesNamespaceAdmissionRules['payments:deployer']", 4, 3)]
    [InlineData("clusterAdmissionRules:\n  us-central1.prod", "kubernetesServiceAccountAdmissionRules:\n  deployer", "service-account-key-malformed", "$.kubernetesServiceAccountAdmissionRules['deployer']", 4, 3)]
    [InlineData("clusterAdmissionRules:\n  us-central1.prod", "kubernetesServiceAccountAdmissionRules:\n  payments/deployer", "service-account-key-malformed", "$.kubernetesServiceAccountAdmissionRules['payments/deployer']", 4, 3)]
    [InlineData("clusterAdmissionRules:\n  us-central1.prod", "istioServiceIdentityAdmissionRules:\n  spiffe://acme/payments/deployer", "istio-key-malformed", "$.istioServiceIdentityAdmissionRules['spiffe://acme/payments/deployer']", 4, 3)]
    [InlineData("ENFORCED_BLOCK_AND_AUDIT_LOG\n  evaluationMode", "ENFORCING_MODE\n  evaluationMode", "enum-unknown", "$.defaultAdmissionRule.enforcementMode", 10, 20)]
    public void Lint_OneThingWrong_IsFoundInItsPlace(string replaced, string by, string id, string path, int line, int column)
    {
        var finding = Assert.Single(PolicySamples.Lint(replaced, by));

        Assert.Equal((id, path, new PolicyPlace(line, column)), (finding.Id, finding.Path, finding.Place));
        Assert.NotEmpty(finding.Remedy);
    }

    [Theory]
    [InlineData("  us-central1.prod", "  us-central1-a.prod")]
    [InlineData("  us-central1.prod", "  northamerica-northeast1.prod-1")]
    [InlineData("clusterAdmissionRules:\n  us-central1.prod", "kubernetesNamespaceAdmissionRules:\n  payments")]
    [InlineData("clusterAdmissionRules:\n  us-central1.prod", "kubernetesServiceAccountAdmissionRules:\n  payments:deployer")]
    [InlineData("clusterAdmissionRules:\n  us-central1.prod", "istioServiceIdentityAdmissionRules:\n  spiffe://acme/ns/payments/sa/deployer")]
    [InlineData("clusterAdmissionRules:\n  us-central1.prod", "istioServiceIdentityAdmissionRules:\n  acme/ns/payments/sa/deployer")]
    public void Lint_KeyOfTheRightForm_IsNotFound(string replaced, string by) => Assert.Empty(PolicySamples.Lint(replaced, by));

    [Theory]
    [InlineData("ALWAYS_DENY", "ALWAYS_ALLOW", "always-allow-in-production")]
    [InlineData("ENFORCED_BLOCK_AND_AUDIT_LOG\n  evaluationMode", "DRYRUN_AUDIT_LOG_ONLY\n  evaluationMode", "dry-run-in-production")]
    [InlineData("    enforcementMode: ENFORCED_BLOCK_AND_AUDIT_LOG", "    enforcementMode: DRYRUN_AUDIT_LOG_ONLY", "dry-run-in-production")]
    public void Lint_OpenRule_IsAnErrorInProductionOnly(string replaced, string by, string id)
    {
        var finding = Assert.Single(PolicySamples.Lint(replaced, by, new PolicyLintOptions(Production: true)));

        Assert.Equal((id, FindingSeverity.Error), (finding.Id, finding.Severity));
        Assert.Empty(PolicySamples.Lint(replaced, by));
    }

    [Theory]
    [InlineData(null, "attestor-not-found")]
    [InlineData(0, "attestor-without-keys")]
    [InlineData(1, null)]
    public void Lint_AttestorThatWasLookedUp_MustExistAndHaveKeys(int? keys, string? id)
    {
        var findings = PolicyLinter.Lint(PolicyDocument.Read(PolicySamples.Clean), new PolicyLintOptions { Attestors = Found(keys is { } count ? Attestor(count) : null) });

        Assert.Equal(id is null ? [] : [(id, FindingSeverity.Error)], findings.Select(finding => (finding.Id, finding.Severity)));
    }

    [Fact]
    public void Lint_AttestorThatWasNotLookedUp_IsNotAssessed()
    {
        var finding = Assert.Single(PolicyLinter.Lint(PolicyDocument.Read(PolicySamples.Clean), new PolicyLintOptions()));

        Assert.Equal(("attestor-not-assessed", FindingSeverity.Note), (finding.Id, finding.Severity));
        Assert.Contains(PolicySamples.Release, finding.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acme-prod", false)]
    [InlineData("acme-staging", true)]
    public void Lint_NameOfAnotherProject_IsAWarning(string project, bool found) =>
        Assert.Equal(found ? ["other-project"] : [], PolicySamples.Lint("name: ", "name: ", new PolicyLintOptions(Project: project)).Select(finding => finding.Id));

    [Theory]
    [InlineData("policy/policy-invalid-rules.yaml", "pattern-every-registry", "attestors-missing")]
    [InlineData("policy/policy-invalid-two-maps.yaml", "two-rule-maps")]
    [InlineData("policy/policy-seed-invalid.yaml", "wrapper-document", "enum-unknown")]
    [InlineData("policy/policy-export.yaml")]
    [InlineData("policy/policy-default.yaml")]
    [InlineData("policy/policy-namespace-rules.yaml")]
    public void Lint_Sample_HasTheseErrors(string file, params string[] errors) =>
        Assert.Equal(
            errors.Order(StringComparer.Ordinal),
            PolicyLinter.Lint(PolicyDocument.Read(TestData.Text(file)), new PolicyLintOptions()).Where(finding => finding.Severity == FindingSeverity.Error).Select(finding => finding.Id).Order(StringComparer.Ordinal));

    [Fact]
    public void Lint_PolicyOfNoFile_HasPathsAndNoPlaces()
    {
        var policy = PolicyDocument.Read(TestData.Text("policy/policy-invalid-rules.yaml")).Policy;

        var findings = PolicyLinter.Lint(new PolicyDocument(policy), new PolicyLintOptions());

        Assert.NotEmpty(findings);
        Assert.All(findings, finding => Assert.Null(finding.Place));
    }

    private static Attestor Attestor(int keys) =>
        new(Release, NoteName.Parse("projects/acme-security/notes/release"), [.. Enumerable.Range(0, keys).Select(index => new AttestorKey($"//key/{index}", null, null, ""))], "");

    private static Dictionary<AttestorName, Attestor?> Found(Attestor? attestor) => new() { [Release] = attestor };
}
