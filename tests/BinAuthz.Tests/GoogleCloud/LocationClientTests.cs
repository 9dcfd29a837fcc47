using System.Text;
using BinAuthz.GoogleCloud;
using Grpc.Core;

namespace BinAuthz.Tests.GoogleCloud;

public sealed class LocationClientTests
{
    [Theory]
    [InlineData("{}", "", "")]
    [InlineData("""{"locations":[{"name":"projects/p/locations/us","locationId":"us"},{"name":"projects/p/locations/eu"}],"nextPageToken":"t"}""", "projects/p/locations/us projects/p/locations/eu", "t")]
    public void Read_Page_GivesNamesAndTheNextToken(string json, string names, string token)
    {
        var found = new List<string>();

        Assert.Equal(token, LocationClient.Read(Encoding.UTF8.GetBytes(json), "projects/p", found));
        Assert.Equal(names, string.Join(' ', found));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"locations":{}}""")]
    [InlineData("""{"locations":[{"id":"us"}]}""")]
    [InlineData("""{"locations":[{"name":1}]}""")]
    public void Read_AnythingElse_IsDataLoss(string json) =>
        Assert.Equal(StatusCode.DataLoss, Assert.Throws<GoogleCallException>(() => LocationClient.Read(Encoding.UTF8.GetBytes(json), "projects/p", [])).Status);
}
