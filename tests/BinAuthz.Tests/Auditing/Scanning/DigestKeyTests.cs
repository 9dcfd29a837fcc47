using BinAuthz.Auditing.Scanning;
using BinAuthz.Images;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Auditing.Scanning;

public sealed class DigestKeyTests
{
    private static readonly string Hex = ScanFacts.Digest(1).Hex;

    [Property]
    public bool Of_AnyDigest_IsThatDigest(byte[] manifest)
    {
        var digest = ImageDigest.Of(manifest);

        return DigestKey.Of(digest).ToDigest() == digest && DigestKey.Of(digest).ToString() == digest.Value;
    }

    [Property]
    public bool CompareTo_AnyTwo_IsAsTheirTexts(byte[] one, byte[] other) =>
        Math.Sign(DigestKey.Of(ImageDigest.Of(one)).CompareTo(DigestKey.Of(ImageDigest.Of(other)))) == Math.Sign(string.CompareOrdinal(ImageDigest.Of(one).Value, ImageDigest.Of(other).Value));

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(24)]
    public void CompareTo_EachPart_Counts(int at)
    {
        var (less, more) = (new byte[DigestKey.Size], new byte[DigestKey.Size]);
        more[at] = 1;

        Assert.True(DigestKey.Read(less).CompareTo(DigestKey.Read(more)) < 0);
        Assert.True(DigestKey.Read(more).CompareTo(DigestKey.Read(less)) > 0);
        Assert.Equal(0, DigestKey.Read(more).CompareTo(DigestKey.Read(more)));
    }

    [Fact]
    public void TryParseResource_DigestAfterTheLastAt_IsRead()
    {
        Assert.True(DigestKey.TryParseResource($"https://a@b/c@sha256:{Hex}", out var key));
        Assert.Equal(ScanFacts.Digest(1), key.ToDigest());
    }

    [Fact]
    public void TryParseResource_NoDigest_IsNone() => Assert.All(
        ["", "@", "x", $"sha256:{Hex}", $"x@{Hex}", $"x@sha256:{Hex.ToUpperInvariant()}", $"x@sha256:{Hex[1..]}", $"x@sha256:{Hex}0", $"x@sha256:{Hex[..63]}g", $"x@sha512:{Hex}"],
        resource => Assert.False(DigestKey.TryParseResource(resource, out _)));
}
