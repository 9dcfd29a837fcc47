using BinAuthz.Approval.Provenance;

namespace BinAuthz.Tests.Approval.Provenance;

public sealed class RefPatternTests
{
    [Theory]
    [InlineData("refs/heads/main", "refs/heads/main", true)]
    [InlineData("refs/heads/main", "refs/heads/main2", false)]
    [InlineData("refs/heads/main", "refs/heads/Main", false)]
    [InlineData("refs/heads/main", "refs/tags/main", false)]
    [InlineData("refs/heads/main", "main", false)]
    [InlineData("refs/heads/main", "", false)]
    [InlineData("refs/heads/main", null, false)]
    [InlineData("refs/tags/v*", "refs/tags/v1.2.3", true)]
    [InlineData("refs/tags/v*", "refs/tags/v", true)]
    [InlineData("refs/tags/v*", "refs/tags/v1/evil", false)]
    [InlineData("refs/tags/v*", "refs/tags/", false)]
    [InlineData("refs/tags/v*", "refs/heads/v1", false)]
    [InlineData("refs/heads/release/*", "refs/heads/release/1.0", true)]
    [InlineData("refs/heads/release/*", "refs/heads/release", false)]
    [InlineData("refs/heads/release/*", "refs/heads/release/", false)]
    [InlineData("refs/heads/release/*", "refs/heads/release-evil", false)]
    [InlineData("refs/heads/release/*", "refs/heads/release/1/0", false)]
    [InlineData("refs/heads/release/**", "refs/heads/release/1/0", true)]
    [InlineData("refs/heads/**", "refs/heads/a/b+c@d#é", true)]
    [InlineData("refs/heads/**", "refs/heads/../tags/v1", false)]
    [InlineData("refs/heads/**", "refs/heads/a..b", false)]
    [InlineData("refs/heads/**", "refs/heads//a", false)]
    [InlineData("refs/heads/**", "refs/heads/a\n", false)]
    [InlineData("refs/heads/**", "refs/heads/a*", false)]
    [InlineData("refs/heads/**", "84a516841ba77a5b4648de2cd0dfcb30ea46dbb4", false)]
    public void Matches_Ref_WholeOrByItsStart(string text, string? name, bool expected)
    {
        Assert.True(RefPattern.TryParse(text, out var pattern, out _));

        Assert.Equal(expected, pattern.Matches(name));
        Assert.Equal(text, pattern.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("main")]
    [InlineData("refs/*")]
    [InlineData("refs/**")]
    [InlineData("refs/heads/")]
    [InlineData("refs/heads/*/main")]
    [InlineData("refs/heads/***")]
    [InlineData("refs/heads/a..b*")]
    [InlineData("refs/heads/a b")]
    public void TryParse_NotAPattern_SaysWhy(string text)
    {
        Assert.False(RefPattern.TryParse(text, out _, out var rule));
        Assert.NotEmpty(rule);
    }
}
