using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Tests.Cluster;

/// <summary>The entries are those of GKE, field by field: each sample is played again and compared.</summary>
public sealed class AuditEntryTests(ClusterEmulator emulator) : IClassFixture<ClusterEmulator>
{
    private const string Unavailable = "unavailable";

    // What differs from one entry to the next.
    private static readonly string[] Volatile =
    [
        "insertId", "operation.id", "timestamp", "receiveTimestamp",
        "protoPayload.requestMetadata.callerIp", "protoPayload.requestMetadata.callerSuppliedUserAgent",
        "protoPayload.response.metadata.uid", "protoPayload.response.metadata.creationTimestamp", "protoPayload.request.metadata.ownerReferences[0].uid",
    ];

    // Left out here: what protobuf's JSON leaves out, and a field that says nothing.
    private static readonly string[] Omitted = ["protoPayload.status.code", "protoPayload.response.spec.nodeName"];

    // Objects are completed by the server; every cluster with pod security says so of admitted pods.
    private static readonly string[] MayHaveMore = ["protoPayload.request.", "protoPayload.response.", "labels.pod-security.kubernetes.io/enforce-policy"];

    public static TheoryData<string, string> Samples => new()
    {
        { "gke-deny-always-deny", ClusterFixture.Deny },
        { "gke-deny-no-attestation", ClusterRule(ClusterFixture.Require) },
        { "gke-deny-tag-not-digest", ClusterRule(ClusterFixture.Require) },
        { "gke-dryrun-would-deny", ClusterRule(ClusterFixture.Require.Replace("ENFORCED_BLOCK_AND_AUDIT_LOG", "DRYRUN_AUDIT_LOG_ONLY", StringComparison.Ordinal)) },
        { "gke-breakglass-label", ClusterRule(ClusterFixture.Require) },
        { "gke-breakglass-conformant", ClusterFixture.Allow },
        { "gke-failopen", Unavailable },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Create_AsInTheSample_IsLoggedAsInTheSample(string name, string policy)
    {
        using var cluster = await emulator.StartAsync(policy == Unavailable ? ClusterFixture.Deny : ClusterFixture.Allow);
        var sample = Sample(name, cluster);
        await cluster.SetPolicyAsync(policy == Unavailable ? ClusterFixture.Deny : policy.Replace("PROJECT", cluster.Project, StringComparison.Ordinal));
        cluster.Emulator.Host.Switches.BinaryAuthorizationUnavailable = policy == Unavailable;
        await cluster.CreateNamespaceAsync("payments");
        var request = sample["protoPayload"]!["request"]!.DeepClone().AsObject();
        request.Remove("@type");

        await cluster.SendAsync(HttpMethod.Post, $"/api/v1/namespaces/{request["metadata"]!["namespace"]}/pods", request.ToJsonString(), user: (string?)sample["protoPayload"]!["authenticationInfo"]!["principalEmail"]);

        cluster.Emulator.Host.Switches.BinaryAuthorizationUnavailable = false;
        Assert.Equal([], Differences(sample, Assert.Single(await cluster.PodEntriesAsync())));
    }

    [Fact]
    public async Task Create_PodOfAReplicaSetRefused_IsLoggedAsInTheSample()
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Require);
        var sample = Sample("gke-deny-replicaset", cluster);
        await cluster.SetPolicyAsync(ClusterRule(ClusterFixture.Require).Replace("PROJECT", cluster.Project, StringComparison.Ordinal));
        await cluster.CreateNamespaceAsync("payments");
        var set = JsonNode.Parse(ClusterFixture.Workload("apps/v1", "ReplicaSet", "web-7d9f8c6b5", (string)sample["protoPayload"]!["request"]!["spec"]!["containers"]![0]!["image"]!))!;
        set["spec"]!["template"]!["spec"]!["containers"]![0]!["name"] = "web";

        var (status, _) = await cluster.PostAsync("/apis/apps/v1/namespaces/payments/replicasets", set.ToJsonString());

        Assert.Equal(201, status);
        Assert.Equal([], Differences(sample, Assert.Single(await cluster.PodEntriesAsync())));
    }

    [Fact]
    public async Task Create_ConformantPod_IsLoggedWithoutAVerdict()
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Allow);

        await cluster.RunAsync("nginx");

        var entry = Assert.Single(await cluster.PodEntriesAsync());
        Assert.DoesNotContain(entry["labels"]!.AsObject(), label => label.Key.Contains("imagepolicywebhook", StringComparison.Ordinal));
        Assert.Equal(("core.k8s.io/v1.Pod", "Pending"), ((string)entry["protoPayload"]!["response"]!["@type"]!, (string)entry["protoPayload"]!["response"]!["status"]!["phase"]!));
        Assert.Null(entry["severity"]);
    }

    [Fact]
    public async Task Create_UnavailableSwitchedOffAgain_ChecksAgain()
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Deny);
        var (_, switches) = await cluster.Emulator.SendAsync(HttpMethod.Get, "/emulator/v1/switches");
        switches["binaryAuthorizationUnavailable"] = true;
        await cluster.Emulator.SendAsync(HttpMethod.Put, "/emulator/v1/switches", switches.ToJsonString());
        var (open, _) = await cluster.RunAsync("nginx", "open");
        switches["binaryAuthorizationUnavailable"] = false;
        await cluster.Emulator.SendAsync(HttpMethod.Put, "/emulator/v1/switches", switches.ToJsonString());
        var (shut, _) = await cluster.RunAsync("nginx", "shut");

        Assert.Equal((201, 403), (open, shut));
    }

    private static string ClusterRule(string rule) => $$$"""{"defaultAdmissionRule":{{{ClusterFixture.Allow}}},"clusterAdmissionRules":{"us-central1.PROJECT-gke":{{{rule}}}}}""";

    // The sample as if it were of the test's project.
    private static JsonNode Sample(string name, ClusterFixture cluster) => JsonNode.Parse(File.ReadAllText($"testdata/logs/{name}.json")
        .Replace("acme-prod", cluster.Project, StringComparison.Ordinal).Replace("acme-security", cluster.Project, StringComparison.Ordinal))!;

    private static IReadOnlyList<string> Differences(JsonNode sample, JsonNode entry) => SampleEntry.Differences(sample, entry, Volatile, Omitted, MayHaveMore);
}
