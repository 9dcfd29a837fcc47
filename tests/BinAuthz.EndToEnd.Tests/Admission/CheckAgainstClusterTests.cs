using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BinAuthz.Cli;
using BinAuthz.EndToEnd.Tests.Cli;

namespace BinAuthz.EndToEnd.Tests.Admission;

/// <summary><c>binauthz check</c> decides as the emulated cluster does, whose evaluator shares no code with it.</summary>
public sealed class CheckAgainstClusterTests(AdmissionWorld world) : IClassFixture<AdmissionWorld>, IDisposable
{
    private const string Overridden = "imagepolicywebhook.image-policy.k8s.io/overridden-verification-result";
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("binauthz-cluster-");

    [Fact]
    public async Task Check_TwoThousandManifestsWith500Images_DecidesAsTheClusterInFewRequests()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        await world.SetPolicyAsync(RandomPolicy.Requiring("first", "second"));
        string[] images = [.. world.Images.Select(image => image.ToString())];
        RandomWorkload[] workloads = [.. Enumerable.Range(0, 2000).Select(index => RandomWorkload.Next(random, $"many-{index}", images))];
        world.Emulator.Requests.Clear();

        var checks = await CheckAsync(workloads);

        // The policies, the two attestors, and one list for 64 digests on each note.
        Assert.InRange(world.Emulator.Requests.Snapshot().Count, 5, 4 + (2 * 8));
        await AssertSameAsync(workloads, checks, $"seed {seed}");
    }

    [Fact]
    public async Task Check_AnyPolicyAndPods_DecidesAsTheCluster()
    {
        const int Policies = 40;
        var seed = Random.Shared.Next();
        for (var round = 0; round < Policies; round++)
        {
            var random = new Random(seed + round);
            var policy = RandomPolicy.Next(random);
            await world.SetPolicyAsync(policy);
            string[] images = [.. Enumerable.Range(0, 8).Select(_ => world.Images[random.Next(world.Images.Length)].ToString())];
            RandomWorkload[] workloads = [.. Enumerable.Range(0, 25).Select(index => RandomWorkload.Next(random, $"round-{round}-{index}", images))];

            await AssertSameAsync(workloads, await CheckAsync(workloads), $"seed {seed} + {round}, policy {policy}");
        }
    }

    public void Dispose() => directory.Delete(recursive: true);

    private async Task<ILookup<(string, string), JsonNode>> CheckAsync(RandomWorkload[] workloads)
    {
        var file = Path.Combine(directory.FullName, $"{Guid.NewGuid():N}.json");
        var list = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = new JsonArray([.. workloads.Select(each => each.Manifest)]) };
        await File.WriteAllTextAsync(file, list.ToJsonString(), TestContext.Current.CancellationToken);
        var (code, answer) = await CommandLine.RunAsync(
            world.Emulator.GrpcEndpoint.ToString(), "check", "-f", file, "--project", AdmissionWorld.Project, "--cluster", AdmissionWorld.Cluster);
        Assert.True(code is ExitCode.Ok or ExitCode.Refused, answer.ToJsonString());
        return answer["images"]!.AsArray().ToLookup(image => (image!["namespace"]!.GetValue<string>(), image["name"]!.GetValue<string>()), image => image!);
    }

    private async Task AssertSameAsync(RandomWorkload[] workloads, ILookup<(string, string), JsonNode> checks, string context)
    {
        foreach (var workload in workloads)
        {
            var images = checks[(workload.Namespace, workload.Name)].ToArray();
            var address = $"{AdmissionWorld.ClusterPath}/namespaces/{workload.Namespace}/pods";
            using var answer = await world.Http.PostAsJsonAsync(address, workload.Pod, TestContext.Current.CancellationToken);
            var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var denied = images.Where(image => image["verdict"]!.GetValue<string>() == "denied").ToArray();
            var blocked = denied.Where(image => image["blocked"]!.GetValue<bool>()).ToArray();
            var told = $"{context}: {workload.Pod.ToJsonString()} checked {new JsonArray([.. images.Select(image => image.DeepClone())]).ToJsonString()}, and the cluster answered {body}";

            Assert.NotEmpty(images);
            Assert.True(blocked.Length > 0 == (answer.StatusCode == HttpStatusCode.Forbidden), told);
            Assert.True(answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Created, told);
            var words = blocked.Length > 0 ? JsonNode.Parse(body)!["message"]!.GetValue<string>() : await OverriddenAsync(workload);
            Assert.True(denied.Length > 0 == words.Length > 0, $"{told} and logged '{words}'");
            Assert.All(denied, image => Assert.True(words.Contains(Message(image), StringComparison.Ordinal), $"{told} and said '{words}'"));
        }
    }

    // What GKE says of a missing attestor is not documented, so that each side has words of its own.
    private static string Message(JsonNode image) =>
        image["message"]!.GetValue<string>().Replace($": There is no attestor {AdmissionWorld.Attestor("gone")}", ": The attestor does not exist", StringComparison.Ordinal);

    private async Task<string> OverriddenAsync(RandomWorkload workload)
    {
        var request = new JsonObject
        {
            ["resourceNames"] = new JsonArray($"projects/{AdmissionWorld.Project}"),
            ["filter"] = $"protoPayload.methodName=\"io.k8s.core.v1.pods.create\" protoPayload.resourceName=\"core/v1/namespaces/{workload.Namespace}/pods/{workload.Name}\"",
        };
        using var answer = await world.Http.PostAsJsonAsync("v2/entries:list", request, TestContext.Current.CancellationToken);
        var entries = await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken);
        return Assert.Single(entries!["entries"]!.AsArray())!["labels"]?[Overridden]?.GetValue<string>() ?? "";
    }
}
