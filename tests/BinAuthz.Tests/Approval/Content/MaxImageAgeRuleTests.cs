using BinAuthz.Approval;

namespace BinAuthz.Tests.Approval.Content;

public sealed class MaxImageAgeRuleTests
{
    private const int Day = 24 * 60;

    [Theory]
    [InlineData(0, nameof(RuleVerdict.Satisfied), "image-young-enough")]
    [InlineData(30 * Day, nameof(RuleVerdict.Satisfied), "image-young-enough")]
    [InlineData((30 * Day) + 1, nameof(RuleVerdict.Violated), "image-too-old")]
    [InlineData(20_000 * Day, nameof(RuleVerdict.Violated), "image-too-old")]
    [InlineData(-5, nameof(RuleVerdict.Satisfied), "image-young-enough")]
    [InlineData(-6, nameof(RuleVerdict.Violated), "creation-time-in-future")]
    [InlineData(-1_000_000 * Day, nameof(RuleVerdict.Violated), "creation-time-in-future")]
    public void Evaluate_Age_IsComparedInclusively(int minutesAgo, string verdict, string code)
    {
        var result = ContentSamples.Evaluate("maxImageAge: 30d", ContentSamples.Good with { Created = ContentSamples.Now.AddMinutes(-minutesAgo) });

        Assert.Equal((verdict, code), (result.Verdict.ToString(), result.Code));
        Assert.Contains("linux/amd64", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_NoCreationTime_IsViolated()
    {
        var result = ContentSamples.Evaluate("maxImageAge: 30d", ContentSamples.Good with { Created = null });

        Assert.Equal((RuleVerdict.Violated, "creation-time-missing"), (result.Verdict, result.Code));
    }

    [Fact]
    public void Evaluate_ZeroTimeOfGo_IsTooOld()
    {
        var result = ContentSamples.Evaluate("maxImageAge: 99999d", ContentSamples.Good with { Created = DateTimeOffset.MinValue });

        Assert.Equal((RuleVerdict.Violated, "image-too-old"), (result.Verdict, result.Code));
    }

    [Theory]
    [InlineData("maxImageAge: 12h", "12 h")]
    [InlineData("maxImageAge: 90m", "90 min")]
    [InlineData("maxImageAge: 48h", "2 d")]
    public void Evaluate_TooOld_TellsTheLimit(string rule, string limit) =>
        Assert.Contains($"more than {limit} before", ContentSamples.Evaluate(rule, ContentSamples.Good with { Created = ContentSamples.Now.AddDays(-3) }).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("maxImageAge: 30")]
    [InlineData("maxImageAge: 0d")]
    [InlineData("maxImageAge: -1d")]
    [InlineData("maxImageAge: [30d]")]
    [InlineData("maxImageAge: 30 days")]
    public void Read_NoLengthOfTime_IsAnError(string rule)
    {
        var error = ContentSamples.Error(rule);

        Assert.Equal((6, 16), (error.Line, error.Column));
        Assert.Equal("rules.maxImageAge must be a length of time.", error.Rule);
    }
}
