using System.Security.Cryptography;
using BinAuthz.Images;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Images;

public sealed class ImageDigestTests
{
    private const string Hex = "708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc";

    [Fact]
    public void Of_SampleManifest_IsTheDigestOfTheSamples()
    {
        var digest = ImageDigest.Of(TestData.Bytes("registry/manifest-amd64.json"));

        Assert.Equal("sha256:" + Hex, digest.Value);
        Assert.Equal(Hex, digest.Hex);
        Assert.Equal(ImageDigest.Parse("sha256:" + Hex), digest);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(Hex)]
    [InlineData("sha256:" + Hex + "0")]
    [InlineData("sha256:" + Hex + "\n")]
    [InlineData(" sha256:" + Hex)]
    [InlineData("sha512:" + Hex)]
    [InlineData("SHA256:" + Hex)]
    [InlineData("sha256:708A5F9D8DE66561DE5129583928203B05587DB98B695FA982EC4A5B8A3E94BC")]
    [InlineData("sha256:708a")]
    public void TryParse_NotADigest_IsFalse(string? text) => Assert.False(ImageDigest.TryParse(text, out _));

    [Fact]
    public void Parse_NotADigest_NamesInputAndRule()
    {
        var error = Assert.Throws<FormatException>(() => ImageDigest.Parse("sha256:ABC"));

        Assert.Contains("'sha256:ABC'", error.Message, StringComparison.Ordinal);
        Assert.Contains("64 lower-case hex digits", error.Message, StringComparison.Ordinal);
    }

    [Property]
    public bool Parse_Printed_IsTheSame(byte[] manifest)
    {
        var digest = ImageDigest.Of(manifest);

        return ImageDigest.Parse(digest.ToString()) == digest && digest.Hex == Convert.ToHexStringLower(SHA256.HashData(manifest));
    }
}
