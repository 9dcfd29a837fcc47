using BinAuthz.Images;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Images;

public sealed class ImagePatternTests
{
    [Theory]
    [InlineData("gcr.io/p/nginx*", "gcr.io/p/nginx:latest", true)]
    [InlineData("gcr.io/p/nginx*", "gcr.io/p/nginx-images/nginx", false)]
    [InlineData("gcr.io/nginx*", "gcr.io/nginx@latest", true)]
    [InlineData("gcr.io/nginx*", "gcr.io/nginx/image", false)]
    [InlineData("gcr.io/nginx**", "gcr.io/nginx/image", true)]
    [InlineData("gcr.io/my-project**", "gcr.io/my-project2/image", true)]
    [InlineData("gcr.io/my-project/**", "gcr.io/my-project2/image", false)]
    [InlineData("gcr.io/my-project/**", "gcr.io/my-project/a/b", true)]
    [InlineData("gke.gcr.io/*", "gke.gcr.io/a/b", false)]
    [InlineData("gcr.io/p/img", "gcr.io/p/img", true)]
    [InlineData("gcr.io/p/img", "gcr.io/p/img:v1", false)]
    [InlineData("gcr.io/p/img", "gcr.io/p/img2", false)]
    [InlineData("gcr.io/p/img:v1.*", "gcr.io/p/img:v1.2", true)]
    [InlineData("gcr.io/p/img@*", "gcr.io/p/img@sha256:00", true)]
    [InlineData("nginx", "nginx", true)]
    public void Matches_Documented_AsBinaryAuthorization(string pattern, string image, bool expected) =>
        Assert.Equal(expected, ImagePattern.Parse(pattern).Matches(image));

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("*", "only after 'registry/'")]
    [InlineData("**", "only after 'registry/'")]
    [InlineData("gcr.io*", "only after 'registry/'")]
    [InlineData("/*", "only after 'registry/'")]
    [InlineData("gcr.io/*/x", "only the trailing characters")]
    [InlineData("gcr.io/***", "only the trailing characters")]
    [InlineData("gcr.io/a*b", "only the trailing characters")]
    [InlineData("gcr.io//x", "no empty path segment")]
    [InlineData("gcr.io/a b", "letters, digits")]
    [InlineData("gcr.io/nginx[@:]*", "letters, digits")]
    public void Parse_Invalid_SaysWhy(string text, string rule)
    {
        var error = Assert.Throws<FormatException>(() => ImagePattern.Parse(text));

        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
        Assert.False(ImagePattern.TryParse(text, out _));
    }

    [Theory]
    [InlineData("gcr.io/p/app", true)]
    [InlineData("gcr.io/p/*", true)]
    [InlineData("gcr.io/p/**", true)]
    [InlineData("gcr.io/p/app*", false)]
    [InlineData("gcr.io/p/app**", false)]
    public void EndsOnPathBoundary_Pattern_TellsWholeSegments(string pattern, bool expected) =>
        Assert.Equal(expected, ImagePattern.Parse(pattern).EndsOnPathBoundary);

    [Property(Arbitrary = [typeof(Names)], MaxTest = 500)]
    public bool Matches_AnyPatternAndImage_AsTheNaiveOracle(NearPattern pattern, NearImage image) =>
        ImagePattern.Parse(pattern.Value).Matches(image.Value) == NaivelyMatches(pattern.Value, image.Value);

    [Property(Arbitrary = [typeof(Names)])]
    public bool Parse_Printed_IsTheSame(NearPattern pattern) =>
        ImagePattern.Parse(pattern.Value).ToString() == pattern.Value && ImagePattern.Parse(pattern.Value) == ImagePattern.Parse(pattern.Value);

    // Character by character, and every way to end the wildcard.
    private static bool NaivelyMatches(string pattern, string image)
    {
        if (pattern.Length == 0)
        {
            return image.Length == 0;
        }

        if (pattern is "*" or "**")
        {
            return image.Length == 0 || ((image[0] != '/' || pattern == "**") && NaivelyMatches(pattern, image[1..]));
        }

        return image.Length > 0 && image[0] == pattern[0] && NaivelyMatches(pattern[1..], image[1..]);
    }
}
