using System.Globalization;
using BinAuthz.GoogleCloud;
using Grpc.Core;

namespace BinAuthz.Tests.GoogleCloud;

public sealed class PageTokensTests
{
    private readonly PageTokens tokens = new("ListAssets", "projects/acme-prod");

    [Fact]
    public void Follow_NoToken_IsTheEnd()
    {
        Assert.True(tokens.Follow("a"));
        Assert.True(tokens.Follow("b"));
        Assert.False(tokens.Follow(""));
    }

    [Fact]
    public void Follow_ATokenGivenBefore_IsAnErrorThatNamesTheList()
    {
        tokens.Follow("a");
        tokens.Follow("b");

        var error = Assert.Throws<GoogleCallException>(() => tokens.Follow("a"));

        Assert.Equal((StatusCode.OutOfRange, "ListAssets", "projects/acme-prod", false), (error.Status, error.Method, error.Resource, error.IsTransient));
    }

    [Fact]
    public void Follow_MorePagesThanThereCanBe_IsAnError()
    {
        Assert.All(Enumerable.Range(1, PageTokens.Maximum - 1), page => Assert.True(tokens.Follow(page.ToString(CultureInfo.InvariantCulture))));

        Assert.Throws<GoogleCallException>(() => tokens.Follow("one more"));
    }
}
