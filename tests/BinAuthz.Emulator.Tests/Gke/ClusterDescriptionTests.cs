using System.Text.Json.Nodes;
using Grpc.Core;

namespace BinAuthz.Emulator.Tests.Gke;

public sealed class ClusterDescriptionTests
{
    private const string Parent = "/v1/projects/acme-prod/locations/us-central1/clusters";

    [Fact]
    public async Task List_ClustersThatWereMade_HaveTheirModesAndSurviveARestart()
    {
        var data = Directory.CreateTempSubdirectory("binauthz-gke-");
        await using (var emulator = await TestEmulator.StartAsync(new EmulatorOptions { DataDirectory = data.FullName }))
        {
            Assert.Equal(200, (await emulator.SendAsync(HttpMethod.Post, Parent, """{"cluster":{"name":"prod","binaryAuthorization":{"evaluationMode":"POLICY_BINDINGS"}}}""")).Status);
            Assert.Equal(200, (await emulator.SendAsync(HttpMethod.Post, Parent, """{"cluster":{"name":"plain"}}""")).Status);
            Assert.Equal(200, (await emulator.SendAsync(HttpMethod.Post, "/v1/projects/other/locations/us-central1/clusters", """{"cluster":{"name":"theirs"}}""")).Status);
            Assert.Equal(409, (await emulator.SendAsync(HttpMethod.Post, Parent, """{"cluster":{"name":"prod"}}""")).Status);
        }

        await using var again = await TestEmulator.StartAsync(new EmulatorOptions { DataDirectory = data.FullName });
        var (status, list) = await again.SendAsync(HttpMethod.Get, "/v1/projects/acme-prod/locations/-/clusters");

        Assert.Equal(200, status);
        Assert.Equal(["us-central1 plain DISABLED", "us-central1 prod POLICY_BINDINGS"], Words(list));
        Assert.Equal("POLICY_BINDINGS", (string?)(await again.SendAsync(HttpMethod.Get, $"{Parent}/prod")).Json["binaryAuthorization"]!["evaluationMode"]);
    }

    [Fact]
    public async Task List_OtherLocationOrNothingMade_IsEmptyAndAnyNameIsACluster()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await emulator.SendAsync(HttpMethod.Post, Parent, """{"cluster":{"name":"prod"}}""");

        Assert.Empty(Words((await emulator.SendAsync(HttpMethod.Get, "/v1/projects/acme-prod/locations/us-east1/clusters")).Json));
        Assert.Equal("PROJECT_SINGLETON_POLICY_ENFORCE", (string?)(await emulator.SendAsync(HttpMethod.Get, $"{Parent}/any")).Json["binaryAuthorization"]!["evaluationMode"]);
    }

    [Theory]
    [InlineData("""{"cluster":{"name":"Prod"}}""")]
    [InlineData("""{"cluster":{}}""")]
    [InlineData("{}")]
    [InlineData("""{"cluster":{"name":"prod","binaryAuthorization":{"evaluationMode":"ENFORCING"}}}""")]
    public async Task Create_BadCluster_IsInvalid(string body)
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (status, answer) = await emulator.SendAsync(HttpMethod.Post, Parent, body);

        Assert.Equal((400, "INVALID_ARGUMENT"), (status, (string?)answer["error"]!["status"]));
    }

    [Fact]
    public async Task List_Fault_IsAnswered()
    {
        await using var emulator = await TestEmulator.StartAsync();
        emulator.Host.Faults.FailNext("ListClusters", StatusCode.PermissionDenied);

        var (status, answer) = await emulator.SendAsync(HttpMethod.Get, Parent);

        Assert.Equal((403, "PERMISSION_DENIED"), (status, (string?)answer["error"]!["status"]));
    }

    private static string[] Words(JsonNode list) =>
        [.. list["clusters"]!.AsArray().Select(cluster => $"{cluster!["location"]} {cluster["name"]} {cluster["binaryAuthorization"]!["evaluationMode"]}").Order(StringComparer.Ordinal)];
}
