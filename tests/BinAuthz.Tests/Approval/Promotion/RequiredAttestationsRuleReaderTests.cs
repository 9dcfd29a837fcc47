using BinAuthz.Approval;

namespace BinAuthz.Tests.Approval.Promotion;

public sealed class RequiredAttestationsRuleReaderTests
{
    private const string Single = """
        environment: production
        attestor: projects/acme-prod/attestors/production-attestor
        rules:
          repositories: none
          provenance: none
          requiredAttestations:
            - projects/acme-staging/attestors/staging-attestor
            - projects/acme-prod/attestors/scanned
        """;

    [Fact]
    public void Parse_Valid_ListsTheAttestors()
    {
        var policy = ApprovalPolicy.Parse(Single, "approval.yaml");

        Assert.Equal(["projects/acme-staging/attestors/staging-attestor", "projects/acme-prod/attestors/scanned"], policy.RequiredAttestors.Select(name => name.ToString()));
        Assert.Equal(EvidenceNeeds.Attestations, policy.Needs);
    }

    [Fact]
    public void Parse_BelowAny_ListsTheAttestorsOnce()
    {
        var policy = ApprovalPolicy.Parse(
            """
            environment: production
            attestor: projects/p/attestors/a
            rules:
              repositories: none
              provenance: none
              any:
                - requiredAttestations: [projects/p/attestors/b]
                - requiredAttestations: [projects/p/attestors/b, projects/p/attestors/c]
            """,
            "approval.yaml");

        Assert.Equal(["projects/p/attestors/b", "projects/p/attestors/c"], policy.RequiredAttestors.Select(name => name.ToString()));
    }

    [Theory]
    [InlineData("projects/acme-prod/attestors/scanned", "scanned", 8, 7, "'scanned' is not an attestor.")]
    [InlineData("projects/acme-prod/attestors/scanned", "projects/acme-prod/notes/scanned", 8, 7, "is not an attestor.")]
    [InlineData("projects/acme-prod/attestors/scanned", "projects/acme-staging/attestors/staging-attestor", 8, 7, "stands twice in rules.requiredAttestations.")]
    [InlineData("projects/acme-prod/attestors/scanned", "projects/acme-prod/attestors/production-attestor", 8, 7, "projects/acme-prod/attestors/production-attestor waits for its own attestation here.")]
    [InlineData("projects/acme-prod/attestors/scanned", "7", 8, 7, "An entry of rules.requiredAttestations must be text and is '7'.")]
    [InlineData("requiredAttestations:", "requiredAttestations: []\n  pushedBy:", 6, 25, "rules.requiredAttestations must not be empty.")]
    public void TryParse_OneFault_IsReportedWhereItStands(string replaced, string by, int line, int column, string rule)
    {
        Assert.False(ApprovalPolicy.TryParse(Single.Replace(replaced, by, StringComparison.Ordinal), "approval.yaml", out _, out var errors));

        var error = Assert.Single(errors, error => error.Rule.Contains(rule, StringComparison.Ordinal));
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.NotEmpty(error.Remedy);
    }

    [Theory]
    // What built, scanned and released require; then where a circle closes, and how it is told. Empty: there is none.
    [InlineData("x", "built", "scanned", 0, "")]
    [InlineData("x", "x", "built, projects/p/attestors/scanned", 0, "")]
    [InlineData("built", "x", "x", 8, "projects/p/attestors/built waits for its own attestation here.")]
    [InlineData("scanned", "built", "x", 14, "projects/p/attestors/scanned waits for projects/p/attestors/built, which waits for projects/p/attestors/scanned.")]
    [InlineData("scanned", "released", "built", 20, "projects/p/attestors/released waits for projects/p/attestors/built, which waits for projects/p/attestors/scanned, which waits for projects/p/attestors/released.")]
    public void TryParse_CircleOfAttestors_IsReportedOnceWhereItCloses(string built, string scanned, string released, int line, string rule)
    {
        var yaml = "environment: production\nattestors:\n" + Attestor("built", built) + Attestor("scanned", scanned) + Attestor("released", released);

        var read = ApprovalPolicy.TryParse(yaml, "approval.yaml", out _, out var errors);

        Assert.Equal(line == 0, read);
        Assert.Equal(line == 0 ? [] : [(line, 30, rule)], errors.Select(error => (error.Line, error.Column, error.Rule)));
    }

    private static string Attestor(string name, string required) => $$"""
          - attestor: projects/p/attestors/{{name}}
            key: projects/p/locations/l/keyRings/r/cryptoKeys/{{name}}
            rules:
              repositories: none
              provenance: none
              requiredAttestations: [projects/p/attestors/{{required}}]

        """;
}
