using BinAuthz.Alerting.Channels;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Alerting.Channels;

public sealed class AlertTextTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("a\r\nb\rc\u2028d", "a\nb\nc\nd")]
    [InlineData("tab\there", "tab here")]
    [InlineData("\u202Eabc\u0000", "\uFFFDabc\uFFFD")]
    [InlineData("😀 漢 é", "😀 漢 é")]
    public void Plain_Text_HasNothingHidden(string text, string expected) => Assert.Equal(expected, AlertText.Plain(text));

    [Theory]
    [InlineData("us-docker.pkg.dev/p/r/i@sha256:00 (käse, 日本 🐳)", "us-docker.pkg.dev/p/r/i@sha256:00 (käse, 日本 🐳)")]
    [InlineData("\u001b[31mred\u0007\r\n", "\uFFFD[31mred\uFFFD ")]
    [InlineData("a\u200Bb\u2028c", "a\uFFFDb c")]
    public void Line_Text_IsHarmlessOnATerminal(string text, string expected) => Assert.Equal(expected, AlertText.Line(text));

    [Theory]
    [InlineData("short", 60, "short")]
    [InlineData("<&>", 60, "&lt;&amp;&gt;")]
    public void Fit_Short_IsOnlyEscaped(string text, int maximum, string expected) => Assert.Equal(expected, AlertText.Fit(text, maximum, AlertText.Entities));

    [Fact]
    public void Fit_Long_TellsHowMuchIsMissing() =>
        Assert.Equal("xxxxxxxxxxxx… (cut; 88 more characters)", AlertText.Fit(new string('x', 100), 60));

    [Property]
    public bool Fit_AnyText_IsWithinTheMaximumAndOfWholeCharacters(string? text, byte extra, bool escaped)
    {
        var maximum = 49 + extra;
        var fitted = AlertText.Fit(AlertText.Plain(string.Concat(Enumerable.Repeat(text ?? "", 20))), maximum, escaped ? AlertText.Entities : null);
        return fitted.Length <= maximum && fitted.EnumerateRunes().Sum(rune => rune.Utf16SequenceLength) == fitted.Length
            && (!escaped || !System.Text.RegularExpressions.Regex.IsMatch(fitted, "[<>]|&(?!amp;|lt;|gt;)"));
    }

    [Property]
    public bool Mask_AnyAnswer_HoldsNoSecret(string? before, string? after)
    {
        const string secret = "https://hooks.slack.com/services/T0000/B0000/XXXXXXXXXXXX";
        var masked = ServiceAnswer.Mask($"{before}{secret} POST /services/T0000/B0000/XXXXXXXXXXXX{after}", [secret]);
        return !masked.Contains("XXXXXXXXXXXX", StringComparison.Ordinal);
    }
}
