using BinAuthz.Approval;
using BinAuthz.Approval.Reading;

namespace BinAuthz.Tests.Approval.Reading;

public sealed class ApprovalPolicyReaderTests
{
    private const string Valid = """
        environment: production
        attestor: projects/acme-prod/attestors/production-attestor
        rules:
          repositories:
            - us-central1-docker.pkg.dev/acme-prod/app/**      # below app
            - us-central1-docker.pkg.dev/acme-prod/tools/cli
          provenance:
            builders: [https://cloudbuild.googleapis.com/GoogleHostedWorker]
            sources: ["https://github.com/acme/app"]
            keys:
              - kms: projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/google-hosted-worker/cryptoKeyVersions/1
        """;

    [Fact]
    public void Parse_Valid_HasItsRules()
    {
        var policy = ApprovalPolicy.Parse(Valid, "approval.yaml");

        Assert.Equal("production", policy.Environment);
        Assert.Equal("projects/acme-prod/attestors/production-attestor", policy.Attestors[0].Attestor.ToString());
        Assert.Equal(["repositories", "provenance"], policy.Attestors[0].Rules.Select(rule => rule.Name));
        Assert.Equal(["1"], policy.ProvenanceKeys.Select(key => key.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(EvidenceNeeds.Provenance, policy.Needs);
    }

    [Theory]
    [InlineData("repositories: none\n  provenance: {builders: [b], sources: [https://github.com/acme/app], keys: [{kms: projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1}]}", "provenance")]
    [InlineData("repositories: [gcr.io/acme/app]\n  provenance: none", "repositories")]
    public void Parse_RuleWrittenNone_IsLeftOut(string rules, string left)
    {
        var policy = ApprovalPolicy.Parse($"environment: staging\nattestor: projects/p/attestors/a\nrules:\n  {rules}\n", "approval.yaml");

        Assert.Equal([left], policy.Attestors[0].Rules.Select(rule => rule.Name));
    }

    [Theory]
    // Each row: the text to replace in the valid file, by what, and where and how that is reported.
    [InlineData("environment: production\n", "", 1, 1, "The key 'environment' is missing.")]
    [InlineData("environment: production", "environment: Production", 1, 14, "'Production' is not an environment name")]
    [InlineData("environment: production", "environment: 1", 1, 14, "environment must be text and is '1'.")]
    [InlineData("environment: production", "environment: true", 1, 14, "environment must be text and is 'true'.")]
    [InlineData("environment: production", "environment:", 1, 13, "environment must be text")]
    [InlineData("environment: production", "environment: [production]", 1, 14, "environment must be text.")]
    [InlineData("environment: production", "environment: production\nenvironment: staging", 2, 1, "The key 'environment' stands twice in the policy; first on line 1.")]
    [InlineData("environment: production", "environment: production\nenviroment: x", 2, 1, "the policy has no key 'enviroment'.")]
    [InlineData("projects/acme-prod/attestors/production-attestor", "production-attestor", 2, 11, "'production-attestor' is not an attestor.")]
    [InlineData("  repositories:", "  repository:", 4, 3, "rules has no key 'repository'.")]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/**", "'*'", 5, 7, "'*' is not a repository pattern: a wildcard is allowed only after 'registry/'")]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/**", "us-central1-docker.pkg.dev/acme-prod/app**", 5, 7, "the wildcard must be a whole path segment")]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/**", "us-central1-docker.pkg.dev/acme-prod/app:v1", 5, 7, "without tag, digest")]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/**", "us-central1-docker.pkg.dev/acme-prod/tools/cli", 6, 7, "stands twice in rules.repositories.")]
    [InlineData("acme-prod/tools/cli", "acme-prod/tools/cli/", 6, 7, "trailing slash")]
    [InlineData("builders: [https://cloudbuild.googleapis.com/GoogleHostedWorker]", "builders: []", 8, 15, "rules.provenance.builders must not be empty.")]
    [InlineData("builders: [https://cloudbuild.googleapis.com/GoogleHostedWorker]", "builders: https://x", 8, 15, "rules.provenance.builders must be a list.")]
    [InlineData("builders: [https://cloudbuild.googleapis.com/GoogleHostedWorker]", "builders: ['']", 8, 16, "An entry of rules.provenance.builders must be text")]
    [InlineData("    builders: [https://cloudbuild.googleapis.com/GoogleHostedWorker]\n", "", 8, 5, "The key 'builders' is missing.")]
    [InlineData("https://github.com/acme/app", "https://github.com/acme*", 9, 15, "a wildcard is '*' or '**' as the whole last path segment")]
    [InlineData("https://github.com/acme/app", "github.com/acme/app", 9, 15, "a source is an https URL")]
    [InlineData("https://github.com/acme/app", "https://github.com/acme/app/", 9, 15, "does not end in a slash")]
    [InlineData("cryptoKeyVersions/1", "cryptoKeyVersions/x", 11, 14, "is not a KMS key version.")]
    [InlineData("- kms:", "- id: a\n        kms:", 11, 9, "A key is either kms, or id and pem")]
    [InlineData("- kms:", "- kmz:", 11, 9, "A key has no key 'kmz'.")]
    [InlineData("- kms: projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/google-hosted-worker/cryptoKeyVersions/1", "- id: a\n        pem: x", 12, 14, "does not hold a P-256, P-384 or P-521 public key")]
    [InlineData("- kms: projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/google-hosted-worker/cryptoKeyVersions/1", "- id: a\n        pem: x\n        algorithm: ed25519", 13, 20, "'ed25519' is not a signature algorithm.")]
    [InlineData("rules:", "rules: &anchor", 3, 8, "Anchors, aliases and tags are not used here.")]
    [InlineData("environment: production", "environment: !!str production", 1, 14, "Anchors, aliases and tags are not used here.")]
    [InlineData("environment: production", "environment: *x", 1, 14, "The file is not readable YAML")]
    [InlineData("cryptoKeyVersions/1", "cryptoKeyVersions/1\n---\na: b", 12, 1, "A second document starts here")]
    public void TryParse_OneFault_IsReportedWhereItStands(string replaced, string by, int line, int column, string rule)
    {
        Assert.False(ApprovalPolicy.TryParse(Valid.Replace(replaced, by, StringComparison.Ordinal), "approval.yaml", out _, out var errors));

        var error = Assert.Single(errors, error => error.Rule.Contains(rule, StringComparison.Ordinal));
        Assert.Equal(("approval.yaml", line, column), (error.File, error.Line, error.Column));
        Assert.NotEmpty(error.Remedy);
    }

    [Theory]
    [InlineData("", "The file is empty.")]
    [InlineData("# nothing\n", "The file is empty.")]
    [InlineData("- a\n", "the policy must be a mapping.")]
    [InlineData("just text", "the policy must be a mapping.")]
    [InlineData("{", "The file is not readable YAML")]
    public void TryParse_NotAPolicy_SaysSo(string yaml, string rule)
    {
        Assert.False(ApprovalPolicy.TryParse(yaml, "approval.yaml", out _, out var errors));

        Assert.Contains(rule, Assert.Single(errors).Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rules: {repositories: none, provenance: none}", 3, 8, "The policy has no rule")]
    [InlineData("rules: {repositories: [gcr.io/acme/app]}", 3, 8, "The key 'provenance' is missing.")]
    [InlineData("rules: {provenance: none}", 3, 8, "The key 'repositories' is missing.")]
    [InlineData("rules: {repositories: [gcr.io/acme/app], provenance: off}", 3, 54, "rules.provenance must be a mapping, or none.")]
    [InlineData("rules:", 3, 7, "rules must be a mapping.")]
    public void TryParse_RuleLeftOutSilently_IsAnError(string rules, int line, int column, string rule)
    {
        Assert.False(ApprovalPolicy.TryParse($"environment: production\nattestor: projects/p/attestors/a\n{rules}\n", "approval.yaml", out _, out var errors));

        var error = Assert.Single(errors);
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains(rule, error.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ManyFaults_ReportsAllInOrder()
    {
        const string yaml = """
            environment: 7
            attestor: release
            extra: 1
            rules:
              repositories: ['*', gcr.io/acme]
              provenance:
                builders: []
                sources: [ftp://x]
            """;

        var error = Assert.Throws<ApprovalPolicyException>(() => ApprovalPolicy.Parse(yaml, "policies/production.yaml"));

        Assert.Equal([(1, 14), (2, 11), (3, 1), (5, 18), (7, 5), (7, 15), (8, 15)], error.Errors.Select(fault => (fault.Line, fault.Column)));
        Assert.Contains("policies/production.yaml:5:18: '*' is not a repository pattern", error.Message, StringComparison.Ordinal);
    }
}
