using System.Text.Json.Nodes;
using BinAuthz.Policies;

namespace BinAuthz.Tests.Policies;

public sealed class PolicyDocumentTests
{
    [Theory]
    [InlineData("policy/policy-export.yaml")]
    public void ToYaml_Export_IsTheSameByteForByte(string file)
    {
        var text = TestData.Text(file);

        Assert.Equal(text, new PolicyDocument(PolicySamples.Read(text)).ToYaml());
    }

    [Fact]
    public void ToJson_Export_IsTheSame()
    {
        var text = TestData.Text("policy/policy-export.json");
        var json = new PolicyDocument(PolicySamples.Read(text)).ToJson();

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(text), json));
        Assert.Equal(JsonNode.Parse(text)!.AsObject().Select(field => field.Key), json.Select(field => field.Key));
    }

    [Fact]
    public void Read_JsonAndYamlOfOneExport_AreThePolicy() =>
        Assert.Equal(PolicySamples.Read(TestData.Text("policy/policy-export.yaml")), PolicySamples.Read(TestData.Text("policy/policy-export.json")));

    [Theory]
    [InlineData("policy/policy-default.yaml")]
    [InlineData("policy/policy-namespace-rules.yaml")]
    [InlineData("policy/policy-invalid-rules.yaml")]
    [InlineData("policy/policy-invalid-two-maps.yaml")]
    public void Read_SampleOfTheRightForm_IsUnderstood(string file)
    {
        var policy = PolicySamples.Read(TestData.Text(file));

        Assert.NotNull(policy.DefaultAdmissionRule);
        Assert.Equal(policy, PolicySamples.Read(new PolicyDocument(policy).ToYaml()));
    }

    [Fact]
    public void Read_SeedDocument_NamesTheWrapperAndWhatIsWrongInside()
    {
        var faults = PolicyDocument.Read(TestData.Text("policy/policy-seed-invalid.yaml")).Faults;

        Assert.Equal([("wrapper-document", "$.apiVersion", 1, 1), ("enum-unknown", "$.spec.defaultAdmissionRule.enforcementMode", 11, 22)], faults.Select(At));
        Assert.Contains("ENFORCING_MODE", faults[1].Reason, StringComparison.Ordinal);
        Assert.Contains("ENFORCED_BLOCK_AND_AUDIT_LOG or DRYRUN_AUDIT_LOG_ONLY", faults[1].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ConfigConnectorResource_SaysThatItsSchemaIsAnother()
    {
        var fault = Assert.Single(PolicyDocument.Read(
            """
            apiVersion: binaryauthorization.cnrm.cloud.google.com/v1beta1
            kind: BinaryAuthorizationPolicy
            metadata: {name: policy}
            spec: {admissionWhitelistPatterns: [{namePattern: gcr.io/a/**}], projectRef: {external: acme}}
            """).Faults);

        Assert.Equal("wrapper-document", fault.Id);
        Assert.Contains("Config Connector", fault.Reason, StringComparison.Ordinal);
        Assert.Contains("kubectl", fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name: ", "nam: ", "unknown-field", "$.nam", 13, 1)]
    [InlineData("name: ", "etag: 7\nname: ", "wrong-type", "$.etag", 13, 7)]
    [InlineData("name: ", "name: a\nname: ", "duplicate-key", "$.name", 14, 1)]
    [InlineData("name: ", "updateTime: yesterday\nname: ", "wrong-type", "$.updateTime", 13, 13)]
    [InlineData("  evaluationMode: ALWAYS_DENY", "  evaluationMode: ALWAYS_DENY\n  evaluationMode: ALWAYS_ALLOW", "duplicate-key", "$.defaultAdmissionRule.evaluationMode", 12, 3)]
    [InlineData("ALWAYS_DENY", "always_deny", "enum-unknown", "$.defaultAdmissionRule.evaluationMode", 11, 19)]
    [InlineData("ALWAYS_DENY", "EVALUATION_MODE_UNSPECIFIED", "enum-unknown", "$.defaultAdmissionRule.evaluationMode", 11, 19)]
    [InlineData("globalPolicyEvaluationMode: ENABLE", "globalPolicyEvaluationMode: true", "wrong-type", "$.globalPolicyEvaluationMode", 12, 29)]
    [InlineData("globalPolicyEvaluationMode: ENABLE", "globalPolicyEvaluationMode: ENABLED", "enum-unknown", "$.globalPolicyEvaluationMode", 12, 29)]
    [InlineData("  evaluationMode: ALWAYS_DENY\n", "", "field-missing", "$.defaultAdmissionRule.evaluationMode", 10, 3)]
    [InlineData("namePattern: us-docker.pkg.dev/acme-prod/base/**", "pattern: us-docker.pkg.dev/acme-prod/base/**", "unknown-field", "$.admissionWhitelistPatterns[0].pattern", 2, 3)]
    [InlineData("- namePattern: us-docker.pkg.dev/acme-prod/base/**", "  namePattern: us-docker.pkg.dev/acme-prod/base/**", "wrong-type", "$.admissionWhitelistPatterns", 2, 3)]
    [InlineData("    - projects/acme-security/attestors/release", "    - [projects/acme-security/attestors/release]", "wrong-type", "$.clusterAdmissionRules['us-central1.prod'].requireAttestationsBy[0]", 8, 7)]
    [InlineData("defaultAdmissionRule:\n  enforcementMode: ENFORCED_BLOCK_AND_AUDIT_LOG\n  evaluationMode: ALWAYS_DENY\n", "", "field-missing", "$.defaultAdmissionRule", 1, 1)]
    [InlineData("name: ", "name: [\n", "unreadable", "$", 13, 7)]
    public void Read_Fault_IsFoundWithPathLineAndColumn(string replaced, string by, string id, string path, int line, int column)
    {
        Assert.Contains(replaced, PolicySamples.Clean, StringComparison.Ordinal);

        var faults = PolicyDocument.Read(PolicySamples.Clean.Replace(replaced, by, StringComparison.Ordinal)).Faults;

        Assert.Contains((id, path, line, column), faults.Select(At));
        Assert.All(faults, fault => Assert.NotEmpty(fault.Remedy));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("- a\n")]
    [InlineData("text")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("{\"defaultAdmissionRule\": null}")]
    [InlineData("\0\u0001")]
    [InlineData("a: &x b\nc: *x\n")]
    [InlineData("defaultAdmissionRule: {}\n---\ndefaultAdmissionRule: {}\n")]
    public void Read_NoPolicy_HasFaults(string text) => Assert.NotEmpty(PolicyDocument.Read(text).Faults);

    [Fact]
    public void Read_JsonWithAnUnknownField_NamesItsPlace()
    {
        var fault = Assert.Single(PolicyDocument.Read("{\n  \"defaultAdmissionRule\": {\"evaluationMode\": \"ALWAYS_DENY\", \"enforcementMode\": \"DRYRUN_AUDIT_LOG_ONLY\"},\n  \"spec.x\": 1\n}\n").Faults);

        Assert.Equal(("unknown-field", "$.spec.x", 3, 3), At(fault));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\"quoted\"", "'\"quoted\"'")]
    [InlineData("it's: so", "\"it's: so\"")]
    [InlineData("it's", "it's")]
    [InlineData("true", "'true'")]
    [InlineData("yes", "yes")]
    [InlineData("0777", "'0777'")]
    [InlineData("1e3", "'1e3'")]
    [InlineData("0x1F", "'0x1F'")]
    [InlineData("12:30", "12:30")]
    [InlineData("12ab", "12ab")]
    [InlineData(" lead", "' lead'")]
    [InlineData("a #b", "'a #b'")]
    [InlineData("a#b", "a#b")]
    [InlineData("- x", "'- x'")]
    [InlineData("-x", "-x")]
    [InlineData("2026-09-30", "'2026-09-30'")]
    [InlineData("a\tb", "\"a\\tb\"")]
    [InlineData("ümlaut 😀", "ümlaut 😀")]
    public void ToYaml_Text_IsQuotedAsGcloudDoes(string text, string written)
    {
        // Each was written by the YAML printer of gcloud 528.
        var yaml = new PolicyDocument(new Google.Cloud.BinaryAuthorization.V1.Policy { Description = text }).ToYaml();

        Assert.Equal($"description: {written}\n", yaml);
    }

    private static (string Id, string Path, int Line, int Column) At(PolicyFinding finding) => (finding.Id, finding.Path, finding.Place!.Value.Line, finding.Place.Value.Column);
}
