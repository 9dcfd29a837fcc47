using BinAuthz.Approval.Provenance;

namespace BinAuthz.Tests.Approval.Provenance;

public sealed class SourcePatternTests
{
    [Theory]
    [InlineData("https://github.com/acme/app", "https://github.com/acme/app", true)]
    [InlineData("https://github.com/acme/app", "https://github.com/acme/app2", false)]
    [InlineData("https://github.com/acme/app", "https://github.com/acme/App", false)]
    [InlineData("https://github.com/acme/app", "https://github.com/acme/app.git", false)]
    [InlineData("https://github.com/acme/app", "", false)]
    [InlineData("https://github.com/acme/app", null, false)]
    [InlineData("https://github.com/acme/*", "https://github.com/acme/app", true)]
    [InlineData("https://github.com/acme/*", "https://github.com/acme/app/x", false)]
    [InlineData("https://github.com/acme/*", "https://github.com/acme/", false)]
    [InlineData("https://github.com/acme/*", "https://github.com/acme2/app", false)]
    [InlineData("https://gitlab.com/acme/**", "https://gitlab.com/acme/group/app", true)]
    [InlineData("https://gitlab.com/acme/**", "https://gitlab.com/acme/../evil/app", false)]
    [InlineData("https://gitlab.com/acme/**", "https://gitlab.com/acme/./app", false)]
    [InlineData("https://gitlab.com/acme/**", "https://gitlab.com/acme//app", false)]
    [InlineData("https://gitlab.com/acme/**", "https://gitlab.com/acme/app?x=1", false)]
    [InlineData("https://gitlab.com/acme/**", "https://gitlab.com/acme/%2e%2e/evil", false)]
    [InlineData("https://gitlab.com/acme/**", "https://gitlab.com/acme/app\n", false)]
    [InlineData("https://gitlab.com/acme/**", "https://gitlab.com/acme", false)]
    public void Matches_Source_OnPathBoundaries(string text, string? source, bool expected)
    {
        Assert.True(SourcePattern.TryParse(text, out var pattern, out _));

        Assert.Equal(expected, pattern.Matches(source));
        Assert.Equal(text, pattern.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("https://*")]
    [InlineData("https://github.com/**/app")]
    [InlineData("https://github.com/acme/***")]
    [InlineData("https://github.com/acme/app?ref=x")]
    [InlineData("https://user@github.com/acme/app")]
    public void TryParse_NotAPattern_SaysWhy(string text)
    {
        Assert.False(SourcePattern.TryParse(text, out _, out var rule));
        Assert.NotEmpty(rule);
    }
}
