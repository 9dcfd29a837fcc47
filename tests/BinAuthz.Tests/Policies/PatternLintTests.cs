using BinAuthz.Policies;

namespace BinAuthz.Tests.Policies;

public sealed class PatternLintTests
{
    private const string Pattern = "us-docker.pkg.dev/acme-prod/base/**";

    [Theory]
    [InlineData("'*'", "pattern-every-registry", "error")]
    [InlineData("'**'", "pattern-every-registry", "error")]
    [InlineData("gcr.io*", "pattern-invalid", "error")]
    [InlineData("gcr.io/*/app", "pattern-invalid", "error")]
    [InlineData("gcr.io/nginx[@:]*", "pattern-invalid", "error")]
    [InlineData("gcr.io/***", "pattern-invalid", "error")]
    [InlineData("us-docker.pkg.dev/acme-prod/base/*", "pattern-within-one-segment", "warning")]
    [InlineData("gcr.io/*", "pattern-within-one-segment", "warning")]
    [InlineData("localhost:5000/*", "pattern-within-one-segment", "warning")]
    [InlineData("gcr.io/p/app*", "pattern-no-path-boundary", "warning")]
    [InlineData("gcr.io/project**", "pattern-no-path-boundary", "warning")]
    [InlineData("localhost:5000/app**", "pattern-no-path-boundary", "warning")]
    [InlineData("gcr.io/**", "pattern-whole-registry", "warning")]
    [InlineData("eu.gcr.io/**", "pattern-whole-registry", "warning")]
    [InlineData("us-docker.pkg.dev/**", "pattern-whole-registry", "warning")]
    [InlineData("docker.io/**", "pattern-whole-registry", "warning")]
    [InlineData("index.docker.io/**", "pattern-whole-registry", "warning")]
    [InlineData("ghcr.io/**", "pattern-whole-registry", "warning")]
    [InlineData("gcr.io/p/app", "pattern-plain-name", "warning")]
    [InlineData("localhost:5000/app", "pattern-plain-name", "warning")]
    [InlineData("nginx", "pattern-plain-name", "warning")]
    [InlineData("gke.gcr.io/*", "system-pattern-redundant", "warning")]
    [InlineData("gke.gcr.io/**", "system-pattern-redundant", "warning")]
    [InlineData("k8s.gcr.io/*", "system-pattern-redundant", "warning")]
    [InlineData("us-central1-artifactregistry.gcr.io/gke-release/gke-release/**", "system-pattern-redundant", "warning")]
    public void Lint_Pattern_IsFound(string pattern, string id, string severity)
    {
        var finding = Assert.Single(PolicySamples.Lint(Pattern, pattern));

        Assert.Equal((id, severity), (finding.Id, finding.Severity.ToString().ToLowerInvariant()));
        Assert.Equal("$.admissionWhitelistPatterns[0].namePattern", finding.Path);
        Assert.Equal(new PolicyPlace(2, 16), finding.Place);
        Assert.Contains(pattern.Trim('\''), finding.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(finding.Remedy);
    }

    [Theory]
    [InlineData("us-docker.pkg.dev/acme-prod/base/**")]
    [InlineData("gcr.io/google-samples/**")]
    [InlineData("gcr.io/p/app:v1.2")]
    [InlineData("gcr.io/p/app:v1.*")]
    [InlineData("gcr.io/p/app:*")]
    [InlineData("gcr.io/p/app@*")]
    [InlineData("gcr.io/p/app@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc")]
    [InlineData("gke.gcr.io.evil.example/app/**")]
    [InlineData("registry.acme.example/**")]
    [InlineData("localhost:5000/**")]
    [InlineData("evil-gcr.io/**")]
    [InlineData("gcr.io/project/**")]
    public void Lint_PatternThatSaysWhatItMeans_IsNotFound(string pattern) => Assert.Empty(PolicySamples.Lint(Pattern, pattern));

    [Fact]
    public void Lint_SystemPatternThatStopsAtASlash_SaysThatItIsIncomplete() =>
        Assert.Contains("does not cross a slash", Assert.Single(PolicySamples.Lint(Pattern, "gke.gcr.io/*")).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("gke.gcr.io/**")]
    [InlineData("gke.gcr.io/app**")]
    public void Lint_SystemPatternWithoutTheSystemPolicy_IsNotRedundant(string pattern)
    {
        var document = PolicyDocument.Read(PolicySamples.Clean.Replace(Pattern, pattern, StringComparison.Ordinal).Replace(": ENABLE", ": DISABLE", StringComparison.Ordinal));

        Assert.DoesNotContain(PolicyLinter.Lint(document, new PolicyLintOptions()), finding => finding.Id == "system-pattern-redundant");
    }

    [Theory]
    [InlineData("gcr.io/project**", "gcr.io/project-other/image", nameof(FindingSeverity.Error))]
    [InlineData("gcr.io/p/app*", "gcr.io/p/app-other", nameof(FindingSeverity.Warning))]
    public void Lint_PrefixWithoutBoundaryInProduction_NamesWhatElseMatches(string pattern, string other, string severity)
    {
        var finding = Assert.Single(PolicySamples.Lint(Pattern, pattern, new PolicyLintOptions(Production: true)));

        Assert.Equal(severity, finding.Severity.ToString());
        Assert.Contains(other, finding.Reason, StringComparison.Ordinal);
        Assert.True(BinAuthz.Images.ImagePattern.Parse(pattern).Matches(other));
    }
}
