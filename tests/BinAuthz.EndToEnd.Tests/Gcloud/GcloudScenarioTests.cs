namespace BinAuthz.EndToEnd.Tests.Gcloud;

/// <summary>The scenario files themselves.</summary>
public sealed class GcloudScenarioTests
{
    [Fact]
    public void Load_AllScenarios_CoverEveryRecordedCommandOrSayWhyNot()
    {
        var scenarios = GcloudScenario.LoadAll().ToList();
        var run = scenarios.SelectMany(scenario => scenario.Steps).SelectMany(step => step.Ids);
        var leftOut = scenarios.SelectMany(scenario => scenario.LeftOut.Keys);

        Assert.Equal(GcloudScenario.Recorded().Order(StringComparer.Ordinal), run.Concat(leftOut).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Load_AllScenarios_LeaveNothingOutWithoutAReason() =>
        Assert.All(GcloudScenario.LoadAll().SelectMany(scenario => scenario.LeftOut.Values), reason => Assert.NotEmpty(reason.Trim()));

    [Theory]
    [InlineData("a b", new[] { "a", "b" })]
    [InlineData("  a   b  ", new[] { "a", "b" })]
    [InlineData("--x='a \"b\" c' d", new[] { "--x=a \"b\" c", "d" })]
    [InlineData("\"a \\\"b\\\"\" ''", new[] { "a \"b\"", "" })]
    [InlineData("'a\\b' c\\ d", new[] { "a\\b", "c d" })]
    public void Split_CommandLine_AsAShellDoes(string text, string[] words) => Assert.Equal(words, CommandLine.Split(text));

    [Fact]
    public void Split_QuoteNotClosed_Refuses() => Assert.Throws<FormatException>(() => CommandLine.Split("a 'b"));
}
