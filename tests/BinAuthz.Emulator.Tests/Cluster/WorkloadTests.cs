using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Tests.Cluster;

public sealed class WorkloadTests(ClusterEmulator emulator) : IClassFixture<ClusterEmulator>
{
    private const string Deployments = "/apis/apps/v1/namespaces/default/deployments";
    private const string Sets = "/apis/apps/v1/namespaces/default/replicasets";

    [Fact]
    public async Task Deployment_RefusedImage_IsAcceptedAndItsPodsAreTriedAgainEverLessOften()
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Require);

        var (status, _) = await cluster.PostAsync(Deployments, ClusterFixture.Deployment("web", ClusterFixture.DebugImage));
        var first = (await cluster.PodEntriesAsync()).Count;
        cluster.Time.Advance(TimeSpan.FromMilliseconds(5));
        var second = (await cluster.PodEntriesAsync()).Count;
        cluster.Time.Advance(TimeSpan.FromMilliseconds(9));
        var still = (await cluster.PodEntriesAsync()).Count;
        cluster.Time.Advance(TimeSpan.FromMilliseconds(1));
        var third = (await cluster.PodEntriesAsync()).Count;
        var (_, deployment) = await cluster.GetAsync(Deployments + "/web");
        var (_, sets) = await cluster.GetAsync(Sets);

        Assert.Equal((201, 1, 2, 2, 3), (status, first, second, still, third));
        var condition = Condition(deployment, "ReplicaFailure")!;
        Assert.Equal(("True", "FailedCreate"), ((string)condition["status"]!, (string)condition["reason"]!));
        Assert.Contains("denied by Binary Authorization", (string?)condition["message"], StringComparison.Ordinal);
        Assert.Equal("True", (string?)Condition(Assert.Single(sets["items"]!.AsArray())!, "ReplicaFailure")!["status"]);
        Assert.Equal(3, (int)deployment["status"]!["unavailableReplicas"]!);
    }

    [Fact]
    public async Task Deployment_TriedSixtyTimes_LeavesSixtyOneEntriesAndOneEvent()
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Require);
        await cluster.PostAsync(Deployments, ClusterFixture.Deployment("web", ClusterFixture.DebugImage));

        await cluster.RetryAsync(60);

        var entries = await cluster.PodEntriesAsync();
        var (_, events) = await cluster.GetAsync("/api/v1/namespaces/default/events?fieldSelector=reason=FailedCreate");
        Assert.Equal(61, entries.Count);
        Assert.Equal(61, entries.Select(entry => (string?)entry["insertId"]).Distinct().Count());
        Assert.Equal(61, (int)Assert.Single(events["items"]!.AsArray())!["count"]!);
    }

    [Fact]
    public async Task Deployment_AttestedLater_IsAdmittedByTheNextTry()
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Require);
        await cluster.PostAsync(Deployments, ClusterFixture.Deployment("web", ClusterFixture.DebugImage));
        await cluster.AttestAsync(ClusterFixture.DebugImage);

        cluster.Time.Advance(TimeSpan.FromMilliseconds(5));

        var (_, deployment) = await cluster.GetAsync(Deployments + "/web");
        var (_, pods) = await cluster.GetAsync(ClusterFixture.DefaultPods + "?labelSelector=app%3Dweb");
        Assert.Equal((3, 3), ((int)deployment["status"]!["readyReplicas"]!, pods["items"]!.AsArray().Count));
        Assert.Null(Condition(deployment, "ReplicaFailure"));
        Assert.All(pods["items"]!.AsArray(), pod => Assert.Equal("Running", (string?)pod!["status"]!["phase"]));
        cluster.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(4, (await cluster.PodEntriesAsync()).Count);
    }

    [Fact]
    public async Task Deployment_NewImageRefused_KeepsTheOldPods()
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Require);
        await cluster.AttestAsync(ClusterFixture.WebImage);
        await cluster.PostAsync(Deployments, ClusterFixture.Deployment("web", ClusterFixture.WebImage));

        await PatchAsync(cluster, Deployments + "/web", $$$$$"""{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"{{{{{ClusterFixture.DebugImage}}}}}"}]}}}}""");
        var during = await ImagesAsync(cluster);
        await cluster.AttestAsync(ClusterFixture.DebugImage);
        await cluster.RetryAsync();
        var after = await ImagesAsync(cluster);

        Assert.Equal([ClusterFixture.WebImage, ClusterFixture.WebImage, ClusterFixture.WebImage], during);
        Assert.Equal([ClusterFixture.DebugImage, ClusterFixture.DebugImage, ClusterFixture.DebugImage], after);
    }

    [Theory]
    [InlineData("apps/v1", "StatefulSet", "statefulsets", "\"replicas\":2,", "statefulset-controller", 2)]
    [InlineData("apps/v1", "DaemonSet", "daemonsets", "", "daemon-set-controller", 1)]
    [InlineData("apps/v1", "ReplicaSet", "replicasets", "\"replicas\":4,", "replicaset-controller", 4)]
    [InlineData("batch/v1", "Job", "jobs", "\"completions\":2,", "job-controller", 2)]
    public async Task Workload_RefusedThenAttested_HasItsPods(string apiVersion, string kind, string plural, string spec, string controller, int expected)
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Require);

        var (status, _) = await cluster.PostAsync($"/apis/{apiVersion}/namespaces/default/{plural}", ClusterFixture.Workload(apiVersion, kind, "web", ClusterFixture.DebugImage, spec));
        var refused = await cluster.PodEntriesAsync();
        await cluster.AttestAsync(ClusterFixture.DebugImage);
        await cluster.RetryAsync();
        var images = await ImagesAsync(cluster);

        Assert.Equal((201, 1, expected), (status, refused.Count, images.Count));
        Assert.Equal($"system:serviceaccount:kube-system:{controller}", (string?)refused[0]["protoPayload"]!["authenticationInfo"]!["principalEmail"]);
    }

    [Fact]
    public async Task Pod_OfAReplicaSetDeleted_IsReplaced()
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Allow);
        await cluster.PostAsync(Deployments, ClusterFixture.Deployment("web", "nginx"));
        var (_, before) = await cluster.GetAsync(ClusterFixture.DefaultPods);
        var gone = (string)before["items"]![0]!["metadata"]!["name"]!;

        await cluster.SendAsync(HttpMethod.Delete, $"{ClusterFixture.DefaultPods}/{gone}");

        var (_, after) = await cluster.GetAsync(ClusterFixture.DefaultPods);
        Assert.Equal(3, after["items"]!.AsArray().Count);
        Assert.DoesNotContain(after["items"]!.AsArray(), pod => (string?)pod!["metadata"]!["name"] == gone);
    }

    [Theory]
    [InlineData("Background", 0, 0)]
    [InlineData("Orphan", 1, 3)]
    public async Task Delete_Deployment_TakesWhatItOwnsAlongUnlessOrphaned(string policy, int sets, int pods)
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Allow);
        await cluster.PostAsync(Deployments, ClusterFixture.Deployment("web", "nginx"));

        await cluster.SendAsync(HttpMethod.Delete, Deployments + "/web", $$"""{"propagationPolicy":"{{policy}}"}""");

        var (_, keptSets) = await cluster.GetAsync(Sets);
        Assert.Equal((sets, pods), (keptSets["items"]!.AsArray().Count, (await ImagesAsync(cluster)).Count));
    }

    [Fact]
    public async Task Scale_DownAndUp_FollowsTheNumber()
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Allow);
        await cluster.PostAsync(Deployments, ClusterFixture.Deployment("web", "nginx"));

        var (_, scale) = await cluster.SendAsync(HttpMethod.Patch, Deployments + "/web/scale", """{"spec":{"replicas":1}}""", "application/merge-patch+json");
        var down = (await ImagesAsync(cluster)).Count;
        await cluster.SendAsync(HttpMethod.Patch, Deployments + "/web", """{"spec":{"replicas":5}}""", "application/merge-patch+json");

        Assert.Equal(("Scale", 1, 1), ((string)scale["kind"]!, (int)scale["spec"]!["replicas"]!, down));
        Assert.Equal(5, (await ImagesAsync(cluster)).Count);
    }

    [Fact]
    public async Task CronJob_Applied_IsKeptAndRunsNothing()
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Deny);

        var (status, _) = await cluster.PostAsync(
            "/apis/batch/v1/namespaces/default/cronjobs",
            """{"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"nightly"},"spec":{"schedule":"@daily","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"a","image":"nginx"}]}}}}}}""");

        Assert.Equal(201, status);
        Assert.Empty(await cluster.PodEntriesAsync());
    }

    [Fact]
    public async Task Restart_WithData_KeepsObjectsAndGoesOnTrying()
    {
        var data = Directory.CreateTempSubdirectory("binauthz-cluster-");
        try
        {
            var options = new EmulatorOptions { TimeProvider = ClusterEmulator.NewTime(), DataDirectory = data.FullName };
            await using (var before = await TestEmulator.StartAsync(options))
            {
                using var first = await ClusterFixture.CreateAsync(before, emulator.Time, "acme-prod", ClusterFixture.Deny);
                await first.PostAsync(Deployments, ClusterFixture.Deployment("web", "nginx"));
            }

            var time = ClusterEmulator.NewTime();
            await using var after = await TestEmulator.StartAsync(options with { TimeProvider = time });
            using var second = await ClusterFixture.CreateAsync(after, time, "acme-prod", policy: null);
            await second.SetPolicyAsync(ClusterFixture.Allow);
            second.Time.Advance(TimeSpan.FromMinutes(1));

            var (_, deployment) = await second.GetAsync(Deployments + "/web");
            Assert.Equal(3, (int)deployment["status"]!["readyReplicas"]!);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static JsonNode? Condition(JsonNode row, string type) => row["status"]!["conditions"]!.AsArray().FirstOrDefault(condition => (string?)condition!["type"] == type);

    private static async Task<IReadOnlyList<string>> ImagesAsync(ClusterFixture cluster)
    {
        var (_, pods) = await cluster.GetAsync(ClusterFixture.DefaultPods);
        return [.. pods["items"]!.AsArray().Select(pod => (string)pod!["spec"]!["containers"]![0]!["image"]!)];
    }

    private static Task<(int Status, JsonNode Json)> PatchAsync(ClusterFixture cluster, string path, string patch) =>
        cluster.SendAsync(HttpMethod.Patch, path, patch, "application/strategic-merge-patch+json");
}
