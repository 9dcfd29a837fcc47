using BinAuthz.Approval;
using BinAuthz.Images;
using BinAuthz.Tests.Approval.Provenance;

namespace BinAuthz.Tests.Approval.Repositories;

public sealed class RepositoryRuleTests
{
    private const string Valid = """
        environment: production
        attestor: projects/acme-prod/attestors/production-attestor
        rules:
          repositories:
            - us-central1-docker.pkg.dev/acme-prod/app/**
            - us-central1-docker.pkg.dev/acme-prod/tools/cli
          provenance: none
        """;

    [Theory]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/server", true)]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/a/b", true)]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app", false)]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app2/server", false)]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/tools/cli", true)]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/tools/cli2", false)]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/tools/cli/x", false)]
    [InlineData("evil.example/us-central1-docker.pkg.dev/acme-prod/app/server", false)]
    public void RepositoryRule_Name_MatchesOnPathBoundaries(string name, bool allowed)
    {
        var image = ImageReference.Parse($"{name}@{ProvenanceSamples.Image.Digest}");

        var result = ApprovalPolicy.Parse(Valid, "approval.yaml").Attestors[0].Rules[0].Evaluate(ImageFacts.ByName(image), DateTimeOffset.UnixEpoch);

        Assert.Equal(allowed ? (RuleVerdict.Satisfied, "repository-allowed") : (RuleVerdict.Violated, "repository-not-allowed"), (result.Verdict, result.Code));
        Assert.Contains(name, result.Reason, StringComparison.Ordinal);
    }
}
