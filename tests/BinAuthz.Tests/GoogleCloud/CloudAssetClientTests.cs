using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.GoogleCloud;
using Grpc.Core;

namespace BinAuthz.Tests.GoogleCloud;

public sealed class CloudAssetClientTests
{
    private const string Hex = "708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc";

    [Theory]
    [InlineData("spec", "containers", "image", "us-docker.pkg.dev/acme-prod/apps/web@sha256:" + Hex)]
    [InlineData("spec", "initContainers", "image", "us-docker.pkg.dev/acme-prod/apps/web:v1@sha256:" + Hex)]
    [InlineData("spec", "ephemeralContainers", "image", "nginx@sha256:" + Hex)]
    [InlineData("status", "containerStatuses", "imageID", "docker-pullable://us-docker.pkg.dev/acme-prod/apps/web@sha256:" + Hex)]
    [InlineData("status", "initContainerStatuses", "imageID", "sha256:" + Hex)]
    [InlineData("status", "ephemeralContainerStatuses", "imageID", "us-docker.pkg.dev/acme-prod/apps/web@sha256:" + Hex)]
    public void Read_DigestInAnyPlaceOfAPod_IsFound(string part, string list, string field, string image)
    {
        var pod = new JsonObject { ["spec"] = new JsonObject(), ["status"] = new JsonObject() };
        pod[part]![list] = new JsonArray(new JsonObject { ["name"] = "main", [field] = image });

        var (running, token) = Read(pod);

        Assert.Equal(("sha256:" + Hex, 1, ""), (Assert.Single(running.Digests).Value, running.Pods, token));
    }

    [Fact]
    public void Read_TagInTheSpecification_IsResolvedByTheStatus()
    {
        var pod = JsonNode.Parse($$$"""{"spec":{"containers":[{"image":"web:latest"}]},"status":{"containerStatuses":[{"image":"web:latest","imageID":"docker.io/library/web@sha256:{{{Hex}}}"}]}}""")!;

        Assert.Equal("sha256:" + Hex, Assert.Single(Read(pod.AsObject()).Running.Digests).Value);
    }

    [Theory]
    [InlineData("""{"spec":{}}""")]
    [InlineData("""{"spec":{"containers":[{"image":"web:latest"},{"image":7},7,{}]}}""")]
    [InlineData("""{"spec":{"containers":{"image":"web"}},"status":[]}""")]
    [InlineData("""{"spec":{"containers":[{"image":"web@sha256:708A"}]},"status":{"containerStatuses":null}}""")]
    public void Read_NoDigestAnywhere_IsAPodWithoutImages(string pod)
    {
        var (running, _) = Read(JsonNode.Parse(pod)!.AsObject());

        Assert.Equal((0, 1), (running.Digests.Count, running.Pods));
    }

    [Fact]
    public void Read_EmptyPage_HasATokenOfItsOwn()
    {
        var (running, token) = CloudAssetClient.Read("""{"readTime":"2026-10-01T00:00:00Z","nextPageToken":"next"}"""u8.ToArray(), "projects/acme-prod");

        Assert.Equal((0, "next"), (running.Pods, token));
    }

    [Theory]
    [InlineData("""{"assets":[{"name":"//container.googleapis.com/p"}]}""", "//container.googleapis.com/p")]
    [InlineData("""{"assets":[{"resource":{"version":"v1"}}]}""", "without a name")]
    [InlineData("""{"assets":[{"resource":{"data":{"metadata":{}}}}]}""", "without a name")]
    [InlineData("""{"assets":{}}""", "no list of assets")]
    [InlineData("""{"assets":[7]}""", "no list of assets")]
    [InlineData("[]", "no list of assets")]
    [InlineData("<html>", "no list of assets")]
    public void Read_PodThatNobodyCanRead_IsNotPassedOver(string json, string words)
    {
        var error = Assert.Throws<GoogleCallException>(() => CloudAssetClient.Read(Encoding.UTF8.GetBytes(json), "projects/acme-prod"));

        Assert.Equal(StatusCode.DataLoss, error.Status);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private static (RunningImages Running, string NextToken) Read(JsonObject pod)
    {
        var page = new JsonObject { ["assets"] = new JsonArray(new JsonObject { ["name"] = "//container.googleapis.com/p", ["resource"] = new JsonObject { ["data"] = pod } }) };
        return CloudAssetClient.Read(Encoding.UTF8.GetBytes(page.ToJsonString()), "projects/acme-prod");
    }
}
