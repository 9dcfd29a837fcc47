using System.Text;
using BinAuthz.Approval.Content;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;

namespace BinAuthz.Tests.GoogleCloud;

public sealed class OciConfigurationTests
{
    private static readonly ImageDigest Digest = ImageDigest.Parse($"sha256:{new string('a', 64)}");

    [Theory]
    [InlineData("""{"os":"linux","architecture":"arm64","config":{"User":"1000:1000"}}""", "linux/arm64", "1000:1000")]
    [InlineData("""{"os":"linux","architecture":"arm64","config":{}}""", "linux/arm64", "")]
    [InlineData("""{"os":"linux","architecture":"arm64","config":null}""", "linux/arm64", "")]
    [InlineData("""{"os":"linux","architecture":"arm64","config":{"User":null,"Labels":null,"Cmd":["x"]},"unknown":[1]}""", "linux/arm64", "")]
    [InlineData("""{"os":"linux","architecture":"arm64","config":{"user":"0"}}""", "linux/arm64", "0")]
    [InlineData("""{"os":"linux","architecture":"arm64","config":{"User":"\u0030"}}""", "linux/arm64", "0")]
    [InlineData("""{}""", "/", "")]
    public void Parse_Configuration_TakesWhatARuntimeTakes(string json, string platform, string user)
    {
        var configuration = Parse(json);

        Assert.Equal((null, platform, user), (configuration.Fault, configuration.Platform, configuration.User));
    }

    [Theory]
    // Traps: one reader sees a user, another one root.
    [InlineData("""{"config":{"User":"1000","User":"0"}}""")]
    [InlineData("""{"config":{"User":"1000","user":"0"}}""")]
    [InlineData("""{"config":{"User":"1000","U\u017Fer":"0"}}""")]
    [InlineData("""{"config":{"User":"1000"},"Config":{"User":"0"}}""")]
    [InlineData("""{"config":{"Labels":{"team":"payments","team":"search"}}}""")]
    [InlineData("""{"created":"2026-01-01T00:00:00Z","Created":"2020-01-01T00:00:00Z"}""")]
    [InlineData("""{"config":{"User":0}}""")]
    [InlineData("""{"config":{"User":["1000"]}}""")]
    [InlineData("""{"config":[]}""")]
    [InlineData("""{"config":{"Labels":["team"]}}""")]
    [InlineData("""{"config":{"Labels":{"team":7}}}""")]
    [InlineData("""{"config":{"User":"\ud800"}}""")]
    [InlineData("""{"config":{"User":"1000"}}{"config":{"User":"0"}}""")]
    [InlineData("""[]""")]
    [InlineData("")]
    public void Parse_Ambiguous_IsUnreadable(string json)
    {
        var configuration = Parse(json);

        Assert.StartsWith("its configuration cannot be read: ", configuration.Fault, StringComparison.Ordinal);
        Assert.Equal("", configuration.User);
    }

    [Theory]
    [InlineData("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")]
    [InlineData("2026-01-01T00:00:00.123456789Z", "2026-01-01T00:00:00.1234568Z")]
    [InlineData("2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    [InlineData("2026-01-01", null)]
    [InlineData("2026-01-01T00:00:00", null)]
    [InlineData("2026-13-01T00:00:00Z", null)]
    [InlineData("01/02/2026", null)]
    [InlineData("", null)]
    public void Parse_Created_IsRfc3339(string created, string? expected) =>
        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), Parse($$"""{"created":"{{created}}"}""").Created);

    [Fact]
    public void Parse_Labels_AreTakenAsTheyAre() =>
        Assert.Equal(
            new Dictionary<string, string> { ["team"] = "payments", ["Team"] = "", ["x"] = "ü" },
            Parse("""{"config":{"Labels":{"team":"payments","Team":null,"x":"\u00fc"}}}""").Labels);

    private static ImageConfiguration Parse(string json) => OciConfiguration.Parse(Digest, Digest, "", Encoding.UTF8.GetBytes(json));
}
