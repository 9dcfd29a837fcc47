using BinAuthz.Images;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Images;

public sealed class ImageReferenceTests
{
    private const string Digest = "sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc";
    private const string Image = "us-docker.pkg.dev/acme-prod/apps/web";

    [Theory]
    [InlineData(Image + "@" + Digest)]
    [InlineData("https://" + Image + "@" + Digest)]
    [InlineData("http://" + Image + "@" + Digest)]
    [InlineData("//" + Image + "@" + Digest)]
    [InlineData(Image + ":v1.2_x-Y@" + Digest)]
    [InlineData("https://" + Image + ":latest@" + Digest)]
    public void Parse_AnyForm_DropsSchemeAndTag(string text)
    {
        var image = ImageReference.Parse(text);

        Assert.Equal("us-docker.pkg.dev", image.Registry);
        Assert.Equal("acme-prod/apps/web", image.Repository);
        Assert.Equal(Image, image.Name);
        Assert.Equal(Digest, image.Digest.Value);
        Assert.Equal($"https://{Image}@{Digest}", image.ResourceUri);
        Assert.Equal($"{Image}@{Digest}", image.ToString());
        Assert.Equal(ImageReference.Parse(Image + "@" + Digest), image);
    }

    [Theory]
    [InlineData("localhost:5000/x")]
    [InlineData("127.0.0.1:5000/acme-prod/apps/web")]
    [InlineData("gcr.io/p/a__b/c-d.e--f")]
    public void Parse_RegistryWithPort_RoundTrips(string name)
    {
        var image = ImageReference.Parse($"{name}@{Digest}");

        Assert.Equal(name, image.Name);
        Assert.Equal(image, ImageReference.Parse(image.ToString()));
    }

    [Theory]
    [InlineData("", "it has no digest")]
    [InlineData(Image, "it has no digest")]
    [InlineData(Image + ":v1", "it has no digest")]
    [InlineData(Image + "@sha256:708A", "'sha256:708A' is not a digest")]
    [InlineData(Image + "@" + Digest + "@" + Digest, "is not a digest")]
    [InlineData("nginx@" + Digest, "a Docker registry domain must be specified")]
    [InlineData("library/nginx@" + Digest, "a Docker registry domain must be specified")]
    [InlineData("https:///acme/web@" + Digest, "it does not have a host component")]
    [InlineData("/acme/web@" + Digest, "it does not have a host component")]
    [InlineData("gcr.io@" + Digest, "a Docker registry domain must be specified")]
    [InlineData("gcr.io/@" + Digest, "'' is not a repository")]
    [InlineData("gcr.io/Acme/web@" + Digest, "'Acme/web' is not a repository")]
    [InlineData("gcr.io/acme//web@" + Digest, "'acme//web' is not a repository")]
    [InlineData("gcr.io/acme/web/@" + Digest, "'acme/web/' is not a repository")]
    [InlineData("gcr.io/../web@" + Digest, "'../web' is not a repository")]
    [InlineData("gcr.io/acme/web:@" + Digest, "'' is not a tag")]
    [InlineData("gcr.io/acme/web:a b@" + Digest, "'a b' is not a tag")]
    [InlineData("gcr.io/acme:x/web@" + Digest, "'x/web' is not a tag")]
    [InlineData("user:pass.word/acme@" + Digest, "is not a registry host")]
    [InlineData("gcr.io\n/acme@" + Digest, "is not a registry host")]
    [InlineData("https://https://gcr.io/acme@" + Digest, "'https:' is not a registry host")]
    public void Parse_NotAnImageByDigest_NamesInputAndRule(string text, string rule)
    {
        var error = Assert.Throws<FormatException>(() => ImageReference.Parse(text));

        Assert.Contains($"'{text}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
        Assert.False(ImageReference.TryParse(text, out _));
    }

    [Fact]
    public void TryParse_Null_IsFalse() => Assert.False(ImageReference.TryParse(null, out _));

    [Fact]
    public void WithDigest_Child_KeepsTheName()
    {
        var child = ImageDigest.Of([1]);

        var image = ImageReference.Parse($"{Image}@{Digest}").WithDigest(child);

        Assert.Equal($"{Image}@{child}", image.ToString());
    }

    [Property(Arbitrary = [typeof(Names)])]
    public bool Parse_Printed_IsTheSame(ImageName name, byte[] manifest)
    {
        var image = ImageReference.Parse($"{name.Value}@{ImageDigest.Of(manifest)}");

        return image.Name == name.Value && ImageReference.Parse(image.ToString()) == image && ImageReference.Parse(image.ResourceUri) == image;
    }
}
