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

    [Theory]
    [InlineData(new[] { "v1.4" }, true)]
    [InlineData(new[] { "latest", "v1." }, true)]
    [InlineData(new[] { "release" }, true)]
    [InlineData(new[] { "v2.0" }, false)]
    [InlineData(new[] { "V1.4" }, false)]
    [InlineData(new[] { "release-2" }, false)]
    [InlineData(new string[0], false)]
    [InlineData(null, false)]
    public void RepositoryRule_Tags_OnlyNarrowDown(string[]? tags, bool allowed)
    {
        var rule = Rule("{image: us-central1-docker.pkg.dev/acme-prod/app/**, tags: [v1.*, release]}");
        var facts = ImageFacts.ByName(ImageReference.Parse($"us-central1-docker.pkg.dev/acme-prod/app/server@{ProvenanceSamples.Image.Digest}")) with { Tags = tags };

        var result = rule.Evaluate(facts, DateTimeOffset.UnixEpoch);

        Assert.Equal(allowed ? (RuleVerdict.Satisfied, "repository-allowed") : (RuleVerdict.Awaiting, "tag-missing"), (result.Verdict, result.Code));
    }

    [Fact]
    public void RepositoryRule_RightTagInOtherRepository_IsViolated()
    {
        var rule = Rule("{image: us-central1-docker.pkg.dev/acme-prod/app/**, tags: [v1.*]}");
        var facts = ImageFacts.ByName(ImageReference.Parse($"us-central1-docker.pkg.dev/acme-prod/app-evil/server@{ProvenanceSamples.Image.Digest}")) with { Tags = ["v1.0"] };

        Assert.Equal(RuleVerdict.Violated, rule.Evaluate(facts, DateTimeOffset.UnixEpoch).Verdict);
    }

    private static IApprovalRule Rule(string entry) =>
        ApprovalPolicy.Parse($"environment: production\nattestor: projects/p/attestors/a\nrules: {{repositories: [{entry}], provenance: none}}\n", "approval.yaml").Attestors[0].Rules[0];
}
