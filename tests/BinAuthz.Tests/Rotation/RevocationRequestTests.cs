using BinAuthz.Rotation;
using static BinAuthz.Tests.Rotation.RotationSamples;

namespace BinAuthz.Tests.Rotation;

public sealed class RevocationRequestTests
{
    [Theory]
    [InlineData("2026-09-30", "2026-09-30T00:00:00.000Z")]
    [InlineData("2026-09-30T10:00:00Z", "2026-09-30T10:00:00.000Z")]
    [InlineData("2026-09-30T10:00:00.250Z", "2026-09-30T10:00:00.250Z")]
    [InlineData("2026-09-30T10:00:00+02:00", "2026-09-30T08:00:00.000Z")]
    public void Parse_Time_IsReadInUtc(string since, string expected) => Assert.Equal(expected, Rfc3339.Write(Parse(since: since).CompromisedSince));

    [Theory]
    [InlineData("2026-10-01T08:00:01Z", "still to come")]
    [InlineData("2026-09-30T10:00:00", "is no time")]
    [InlineData("yesterday", "is no time")]
    [InlineData("", "is no time")]
    public void Parse_NoTimeThatHasPassed_SaysSo(string since, string rule) =>
        Assert.Contains(rule, Assert.Throws<FormatException>(() => Parse(since: since)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_Number_IsAVersionOfTheKey() => Assert.Equal(Key.Version(3), Parse(version: "3").Version);

    [Fact]
    public void Parse_FullName_IsThatVersion() => Assert.Equal(Key.Version(4), Parse(version: Key.Version(4).ToString()).Version);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("latest")]
    public void Parse_NoVersion_SaysHowToWriteIt(string version) =>
        Assert.Contains("is no key version", Assert.Throws<FormatException>(() => Parse(version: version)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_BlankReason_AsksForASentence() => Assert.Contains("write a sentence", Assert.Throws<FormatException>(() => Parse(reason: " ")).Message, StringComparison.Ordinal);

    private static RevocationRequest Parse(string version = "3", string since = "2026-09-30", string reason = "a laptop was stolen") =>
        RevocationRequest.Parse(Key, version, since, reason, "a test", Now);
}
