using System.Text.Json.Nodes;
using BinAuthz.Emulator.Tests.Cluster;
using Grpc.Core;

namespace BinAuthz.Emulator.Tests.AssetInventory;

/// <summary>The list of a project's pods.</summary>
public sealed class AssetTests(ClusterEmulator emulator) : IClassFixture<ClusterEmulator>
{
    private const string Query = "assetTypes=k8s.io/Pod&contentType=RESOURCE";

    [Fact]
    public async Task List_Pods_AreAssetsWithTheirData()
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Allow);
        await cluster.RunAsync(ClusterFixture.WebImage, "web");

        var (status, answer) = await ListAsync(cluster, Query);

        var asset = Assert.Single(answer["assets"]!.AsArray())!;
        Assert.Equal((200, $"//container.googleapis.com/projects/{cluster.Project}/locations/us-central1/clusters/{cluster.Project}-gke/k8s/namespaces/default/pods/web"), (status, (string?)asset["name"]));
        Assert.Equal(("k8s.io/Pod", "Pod", "v1"), ((string?)asset["assetType"], (string?)asset["resource"]!["discoveryName"], (string?)asset["resource"]!["version"]));
        Assert.Equal((ClusterFixture.WebImage, "Running"), ((string?)asset["resource"]!["data"]!["spec"]!["containers"]![0]!["image"], (string?)asset["resource"]!["data"]!["status"]!["phase"]));
        Assert.Equal("2026-10-01T09:00:00.1230000Z", (string?)answer["readTime"]);
        Assert.Null(answer["nextPageToken"]);
    }

    [Fact]
    public async Task List_WithoutContentType_TellsNamesAlone()
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Allow);
        await cluster.RunAsync(ClusterFixture.WebImage, "web");

        var (_, answer) = await ListAsync(cluster, "assetTypes=k8s.io/Pod");

        Assert.Null(Assert.Single(answer["assets"]!.AsArray())!["resource"]);
    }

    [Fact]
    public async Task List_InPages_TellsEveryPodOnce()
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Allow);
        foreach (var name in new[] { "c", "a", "b" })
        {
            await cluster.RunAsync(ClusterFixture.WebImage, name);
        }

        var (_, first) = await ListAsync(cluster, $"{Query}&pageSize=2");
        var (_, second) = await ListAsync(cluster, $"{Query}&pageSize=2&pageToken={Uri.EscapeDataString((string)first["nextPageToken"]!)}");

        Assert.Equal(["a", "b"], Names(first));
        Assert.Equal(["c"], Names(second));
        Assert.Null(second["nextPageToken"]);
    }

    [Fact]
    public async Task List_ProjectWithoutClusters_IsEmpty()
    {
        using var cluster = await emulator.StartAsync();

        var (status, answer) = await ListAsync(cluster, Query);

        Assert.Equal(200, status);
        Assert.Null(answer["assets"]);
    }

    [Theory]
    [InlineData("contentType=RESOURCE", 501, "UNIMPLEMENTED")]
    [InlineData("assetTypes=k8s.io/Pod&assetTypes=storage.googleapis.com/Bucket", 501, "UNIMPLEMENTED")]
    [InlineData("assetTypes=k8s.io/Pod&contentType=IAM_POLICY", 501, "UNIMPLEMENTED")]
    [InlineData("assetTypes=k8s.io/Pod&readTime=2026-10-01T00:00:00Z", 501, "UNIMPLEMENTED")]
    [InlineData("assetTypes=k8s.io/Pod&pageSize=-1", 400, "INVALID_ARGUMENT")]
    [InlineData("assetTypes=k8s.io/Pod&pageToken=mine", 400, "INVALID_ARGUMENT")]
    public async Task List_WhatIsNotEmulatedOrNotValid_IsRefusedInASentence(string query, int code, string name)
    {
        using var cluster = await emulator.StartAsync();

        var (status, answer) = await ListAsync(cluster, query);

        Assert.Equal((code, code, name), (status, (int)answer["error"]!["code"]!, (string)answer["error"]!["status"]!));
        Assert.NotEmpty((string)answer["error"]!["message"]!);
    }

    [Fact]
    public async Task List_AFaultWasAskedFor_FailsOnce()
    {
        using var cluster = await emulator.StartAsync();
        cluster.Emulator.Host.Faults.FailNext("ListAssets", StatusCode.PermissionDenied);

        Assert.Equal(403, (await ListAsync(cluster, Query)).Status);
        Assert.Equal(200, (await ListAsync(cluster, Query)).Status);
    }

    private static Task<(int Status, JsonNode Json)> ListAsync(ClusterFixture cluster, string query) =>
        cluster.Emulator.SendAsync(HttpMethod.Get, $"/v1/projects/{cluster.Project}/assets?{query}");

    private static IEnumerable<string> Names(JsonNode answer) => answer["assets"]!.AsArray().Select(asset => ((string)asset!["name"]!).Split('/')[^1]);
}
