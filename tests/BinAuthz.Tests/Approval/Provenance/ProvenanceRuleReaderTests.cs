using BinAuthz.Approval;

namespace BinAuthz.Tests.Approval.Provenance;

public sealed class ProvenanceRuleReaderTests
{
    [Theory]
    [InlineData("refs: [refs/heads/main, 'refs/tags/v*', 'refs/heads/release/**']")]
    [InlineData("triggers: [projects/265426041527/locations/us-west1/triggers/30c3972b-dae9-484c-80bf-1328bd7954c0, 15e57958-19b3-4a52-a052-6906244088ce]")]
    [InlineData("buildTypes: ['https://cloudbuild.googleapis.com/CloudBuildYaml@v0.1']")]
    public void TryParse_KnownKey_IsRead(string line) => Assert.True(ApprovalPolicy.TryParse(Policy(line), "approval.yaml", out _, out _));

    [Theory]
    [InlineData("refs: [main]", 12, "'main' is not a branch or tag: it starts with refs/heads/")]
    [InlineData("refs: ['refs/**']", 12, "'refs/**' is not a branch or tag")]
    [InlineData("refs: ['refs/*/main']", 12, "a wildcard is '*' or '**' at the end")]
    [InlineData("refs: [refs/heads/a..b]", 12, "no name that Git allows")]
    [InlineData("refs: ['']", 12, "An entry of rules.provenance.refs must be text")]
    [InlineData("refs: []", 11, "rules.provenance.refs must not be empty.")]
    [InlineData("refs: refs/heads/main", 11, "rules.provenance.refs must be a list.")]
    [InlineData("refs: [refs/heads/a, refs/heads/a]", 26, "stands twice in rules.provenance.refs.")]
    [InlineData("triggers: ['projects/p/locations/l/triggers/*']", 16, "is not a build trigger")]
    [InlineData("triggers: []", 15, "rules.provenance.triggers must not be empty.")]
    [InlineData("branches: [main]", 5, "rules.provenance has no key 'branches'.")]
    public void TryParse_WrongEntry_IsReportedWhereItStands(string line, int column, string rule)
    {
        Assert.False(ApprovalPolicy.TryParse(Policy(line), "approval.yaml", out _, out var errors));

        var error = Assert.Single(errors);
        Assert.Contains(rule, error.Rule, StringComparison.Ordinal);
        Assert.Equal((8, column), (error.Line, error.Column));
        Assert.NotEmpty(error.Remedy);
    }

    private static string Policy(string line) =>
        $"""
        environment: production
        attestor: projects/acme-prod/attestors/production-attestor
        rules:
          repositories: none
          provenance:
            builders: [https://cloudbuild.googleapis.com/GoogleHostedWorker]
            sources: [https://github.com/acme/app]
            {line}
            keys:
              - kms: projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/google-hosted-worker/cryptoKeyVersions/1
        """;
}
