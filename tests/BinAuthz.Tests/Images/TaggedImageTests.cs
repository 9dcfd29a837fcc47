using BinAuthz.Images;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Images;

public sealed class TaggedImageTests
{
    [Theory]
    [InlineData("gcr.io/acme/web:v1", "gcr.io/acme/web", "v1")]
    [InlineData("https://gcr.io/acme/web:v1", "gcr.io/acme/web", "v1")]
    [InlineData("gcr.io/acme/web", "gcr.io/acme/web", "latest")]
    [InlineData("localhost:5000/web", "localhost:5000/web", "latest")]
    public void Parse_NameAndTag_DefaultsToLatest(string text, string name, string tag)
    {
        var image = TaggedImage.Parse(text);

        Assert.Equal(name, image.Name);
        Assert.Equal(tag, image.Tag);
        Assert.Equal($"{name}:{tag}", image.ToString());
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("nginx:latest", "a Docker registry domain must be specified")]
    [InlineData("gcr.io/acme/web@sha256:708a", "it has a digest")]
    [InlineData("gcr.io/acme/web:-x", "'-x' is not a tag")]
    public void Parse_NotAnImageByTag_SaysWhy(string text, string rule)
    {
        var error = Assert.Throws<FormatException>(() => TaggedImage.Parse(text));

        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
        Assert.False(TaggedImage.TryParse(text, out _));
    }

    [Fact]
    public void WithDigest_Resolved_NamesTheSameRepository()
    {
        var digest = ImageDigest.Of([1]);

        Assert.Equal($"gcr.io/acme/web@{digest}", TaggedImage.Parse("gcr.io/acme/web:v1").WithDigest(digest).ToString());
    }

    [Property(Arbitrary = [typeof(Names)])]
    public bool Parse_Printed_IsTheSame(ImageName name, TagName tag)
    {
        var image = TaggedImage.Parse($"{name.Value}:{tag.Value}");

        return image.Name == name.Value && image.Tag == tag.Value && TaggedImage.Parse(image.ToString()) == image;
    }
}
