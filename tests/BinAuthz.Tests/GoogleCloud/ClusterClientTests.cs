using System.Text;
using BinAuthz.GoogleCloud;
using Grpc.Core;

namespace BinAuthz.Tests.GoogleCloud;

public sealed class ClusterClientTests
{
    private const string Resource = "projects/acme-prod/locations/-";

    [Theory]
    [InlineData("""{"evaluationMode":"POLICY_BINDINGS"}""", "POLICY_BINDINGS")]
    [InlineData("""{"evaluationMode":"DISABLED","enabled":true}""", "DISABLED")]
    [InlineData("""{"evaluationMode":"EVALUATION_MODE_UNSPECIFIED","enabled":true}""", "PROJECT_SINGLETON_POLICY_ENFORCE")]
    [InlineData("""{"enabled":true}""", "PROJECT_SINGLETON_POLICY_ENFORCE")]
    [InlineData("""{"enabled":false}""", "DISABLED")]
    [InlineData("""{"evaluationMode":7}""", "DISABLED")]
    [InlineData("{}", "DISABLED")]
    [InlineData("null", "DISABLED")]
    public void ReadList_Settings_AreOneMode(string settings, string mode) =>
        Assert.Equal([KeyValuePair.Create("us-central1.prod", mode)], Read($$"""{"clusters":[{"name":"prod","location":"us-central1","binaryAuthorization":{{settings}}}]}"""));

    [Fact]
    public void ReadList_NoSettings_IsDisabled() => Assert.Equal("DISABLED", Read("""{"clusters":[{"name":"prod","location":"us-central1"}]}""")["us-central1.prod"]);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"clusters":[],"missingZones":[]}""")]
    public void ReadList_NoClusters_IsEmpty(string json) => Assert.Empty(Read(json));

    [Fact]
    public void ReadList_LocationThatDidNotAnswer_IsUnavailable()
    {
        var error = Assert.Throws<GoogleCallException>(() => Read("""{"clusters":[{"name":"prod","location":"us-central1"}],"missingZones":["us-east1-b","us-east1-c"]}"""));

        Assert.Equal(StatusCode.Unavailable, error.Status);
        Assert.Contains("us-east1-b, us-east1-c", error.Message, StringComparison.Ordinal);
        Assert.Contains(Resource, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"clusters":7}""")]
    [InlineData("""{"clusters":[7]}""")]
    [InlineData("""{"clusters":[{"name":"prod"}]}""")]
    [InlineData("""{"clusters":[{"name":"a","location":"b"},{"name":"a","location":"b"}]}""")]
    [InlineData("""{"missingZones":7}""")]
    public void ReadList_OtherForm_IsInternal(string json) => Assert.Equal(StatusCode.Internal, Assert.Throws<GoogleCallException>(() => Read(json)).Status);

    private static IReadOnlyDictionary<string, string> Read(string json) => ClusterClient.ReadList(Encoding.UTF8.GetBytes(json), Resource);
}
