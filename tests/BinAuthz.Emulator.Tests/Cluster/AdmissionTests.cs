using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Tests.Cluster;

public sealed class AdmissionTests(ClusterEmulator emulator) : IClassFixture<ClusterEmulator>
{
    private const string NoAttestation = "No attestations found that were valid and signed by a key trusted by the attestor";

    [Fact]
    public async Task Create_AlwaysDeny_IsRefusedInTheWordsOfGke()
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Deny);

        var (status, answer) = await cluster.RunAsync("nginx:latest");
        var (missing, _) = await cluster.GetAsync(ClusterFixture.DefaultPods + "/test");

        Assert.Equal((403, 404), (status, missing));
        Assert.Equal(("Status", "Failure", "VIOLATES_POLICY", 403), ((string)answer["kind"]!, (string)answer["status"]!, (string)answer["reason"]!, (int)answer["code"]!));
        Assert.Equal(
            "admission webhook \"imagepolicywebhook.image-policy.k8s.io\" denied the request: Image nginx:latest denied by Binary Authorization default admission rule. Denied by always_deny admission rule",
            (string?)answer["message"]);
    }

    [Theory]
    [InlineData(ClusterFixture.WebImage, null)]
    [InlineData("gcr.io/elsewhere/copy@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc", null)]
    [InlineData(ClusterFixture.DebugImage, NoAttestation)]
    [InlineData("us-docker.pkg.dev/acme-prod/apps/web:latest", "Expected digest with sha256 scheme, but got tag or malformed digest")]
    [InlineData("us-docker.pkg.dev/acme-prod/apps/web@sha256:708a", "Expected digest with sha256 scheme, but got tag or malformed digest")]
    public async Task Create_RequireAttestation_AdmitsWhatIsAttested(string image, string? reason)
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Require);
        await cluster.AttestAsync(ClusterFixture.WebImage);

        var (status, answer) = await cluster.RunAsync(image);

        Assert.Equal(reason is null ? 201 : 403, status);
        if (reason is not null)
        {
            Assert.EndsWith($"denied the request: Image {image} denied by Binary Authorization default admission rule. Image {image} denied by attestor {cluster.Attestor}: {reason}", (string?)answer["message"], StringComparison.Ordinal);
        }
    }

    public static TheoryData<string, string, bool> Rules => new()
    {
        { "clusterAdmissionRules", "us-central1.PROJECT-gke", true },
        { "clusterAdmissionRules", "us-central1-a.PROJECT-gke", false },
        { "clusterAdmissionRules", "us-central1.other", false },
        { "kubernetesNamespaceAdmissionRules", "payments", true },
        { "kubernetesNamespaceAdmissionRules", "default", false },
        { "kubernetesServiceAccountAdmissionRules", "payments:robot", true },
        { "kubernetesServiceAccountAdmissionRules", "payments:default", false },
        { "istioServiceIdentityAdmissionRules", "spiffe://cluster.local/ns/payments/sa/robot", true },
        { "istioServiceIdentityAdmissionRules", "cluster.local/ns/payments/sa/robot", true },
        { "istioServiceIdentityAdmissionRules", "spiffe://cluster.local/ns/payments/sa/other", false },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Create_SpecificRule_ReplacesTheDefaultOneWhereItApplies(string map, string key, bool applies)
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Deny);
        key = key.Replace("PROJECT", cluster.Project, StringComparison.Ordinal);
        await cluster.SetPolicyAsync($$$"""{"defaultAdmissionRule":{{{ClusterFixture.Deny}}},"{{{map}}}":{"{{{key}}}":{{{ClusterFixture.Allow}}}}}""");
        await cluster.CreateNamespaceAsync("payments");

        var (status, _) = await cluster.PostAsync("/api/v1/namespaces/payments/pods", ClusterFixture.Pod("web", "nginx", spec: ",\"serviceAccountName\":\"robot\""));
        await cluster.SetPolicyAsync($$$"""{"defaultAdmissionRule":{{{ClusterFixture.Allow}}},"{{{map}}}":{"{{{key}}}":{{{ClusterFixture.Deny}}}}}""");
        var (turned, _) = await cluster.PostAsync("/api/v1/namespaces/payments/pods", ClusterFixture.Pod("web2", "nginx", spec: ",\"serviceAccountName\":\"robot\""));

        Assert.Equal(applies ? (201, 403) : (403, 201), (status, turned));
    }

    [Theory]
    [InlineData("gke.gcr.io/a/b:1", "ENABLE", 201)]
    [InlineData("gke.gcr.io/a/b:1", "DISABLE", 403)]
    [InlineData("gcr.io/acme/nginx:1", "DISABLE", 201)]
    [InlineData("gcr.io/acme/nginx/deep:1", "DISABLE", 403)]
    [InlineData("gcr.io/tools/a/b/c", "DISABLE", 201)]
    [InlineData("gcr.io/acme/other", "ENABLE", 403)]
    public async Task Create_ImageOnAList_IsExempt(string image, string global, int expected)
    {
        using var cluster = await emulator.StartAsync(
            $$"""{"globalPolicyEvaluationMode":"{{global}}","admissionWhitelistPatterns":[{"namePattern":"gcr.io/acme/nginx*"},{"namePattern":"gcr.io/tools/**"}],"defaultAdmissionRule":{{ClusterFixture.Deny}}}""");

        var (status, _) = await cluster.RunAsync(image);

        Assert.Equal(expected, status);
    }

    [Theory]
    [InlineData("initContainers")]
    [InlineData("ephemeralContainers")]
    public async Task Create_OtherContainers_CountAsWell(string list)
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Require);
        await cluster.AttestAsync(ClusterFixture.WebImage);

        var (status, answer) = await cluster.PostAsync(ClusterFixture.DefaultPods, ClusterFixture.Pod("web", ClusterFixture.WebImage, spec: $$""","{{list}}":[{"name":"other","image":"{{ClusterFixture.DebugImage}}"}]"""));

        Assert.Equal(403, status);
        Assert.Contains(ClusterFixture.DebugImage, (string?)answer["message"], StringComparison.Ordinal);
        Assert.DoesNotContain(ClusterFixture.WebImage, (string?)answer["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""","labels":{"image-policy.k8s.io/break-glass":"true"}""", 201)]
    [InlineData(""","annotations":{"alpha.image-policy.k8s.io/break-glass":"true"}""", 201)]
    [InlineData(""","labels":{"image-policy.k8s.io/break-glass":"false"}""", 403)]
    [InlineData(""","annotations":{"image-policy.k8s.io/break-glass":"true"}""", 403)]
    public async Task Create_BreakGlass_AdmitsAndIsLogged(string metadata, int expected)
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Deny);

        var (status, _) = await cluster.PostAsync(ClusterFixture.DefaultPods, ClusterFixture.Pod("web", "nginx", metadata));

        var labels = Assert.Single(await cluster.PodEntriesAsync())["labels"]!.AsObject();
        Assert.Equal(expected, status);
        Assert.Equal(expected == 201, labels.ContainsKey("imagepolicywebhook.image-policy.k8s.io/break-glass"));
    }

    [Fact]
    public async Task Update_ImageOfARunningPod_IsWeighedAgain()
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Require);
        await cluster.AttestAsync(ClusterFixture.WebImage);
        await cluster.RunAsync(ClusterFixture.WebImage);

        var (labelled, _) = await PatchAsync(cluster, "/test", """{"metadata":{"labels":{"a":"b"}}}""");
        var (refused, _) = await PatchAsync(cluster, "/test", $$$"""{"spec":{"containers":[{"name":"main","image":"{{{ClusterFixture.DebugImage}}}"}]}}""");
        var (debug, _) = await PatchAsync(cluster, "/test/ephemeralcontainers", """{"spec":{"ephemeralContainers":[{"name":"debugger","image":"busybox"}]}}""");
        var (forbidden, _) = await PatchAsync(cluster, "/test", """{"spec":{"restartPolicy":"Never"}}""");
        await cluster.SetPolicyAsync(ClusterFixture.Allow);
        var (admitted, pod) = await PatchAsync(cluster, "/test/ephemeralcontainers", """{"spec":{"ephemeralContainers":[{"name":"debugger","image":"busybox"}]}}""");

        Assert.Equal((200, 403, 403, 422, 200), (labelled, refused, debug, forbidden, admitted));
        Assert.Equal("busybox", (string?)pod["spec"]!["ephemeralContainers"]![0]!["image"]);
        Assert.Equal(
            ["io.k8s.core.v1.pods.create", "io.k8s.core.v1.pods.ephemeralcontainers.patch", "io.k8s.core.v1.pods.ephemeralcontainers.patch", "io.k8s.core.v1.pods.patch", "io.k8s.core.v1.pods.patch"],
            (await cluster.PodEntriesAsync()).Select(entry => (string?)entry["protoPayload"]!["methodName"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Create_DryRunOfTheRequest_IsWeighedAndStoresNothing()
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Require);
        await cluster.AttestAsync(ClusterFixture.WebImage);

        var (refused, _) = await cluster.PostAsync(ClusterFixture.DefaultPods + "?dryRun=All", ClusterFixture.Pod("web", ClusterFixture.DebugImage));
        var (admitted, _) = await cluster.PostAsync(ClusterFixture.DefaultPods + "?dryRun=All", ClusterFixture.Pod("web", ClusterFixture.WebImage));
        var (_, list) = await cluster.GetAsync(ClusterFixture.DefaultPods);

        Assert.Equal((403, 201), (refused, admitted));
        Assert.Empty(list["items"]!.AsArray());
    }

    [Fact]
    public async Task Create_AttestorGone_IsRefused()
    {
        using var cluster = await emulator.StartAsync(ClusterFixture.Require);
        await cluster.AttestAsync(ClusterFixture.WebImage);
        await cluster.Emulator.SendAsync(HttpMethod.Delete, $"/v1/{cluster.Attestor}");

        var (status, answer) = await cluster.RunAsync(ClusterFixture.WebImage);

        Assert.Equal(403, status);
        Assert.Contains(cluster.Attestor, (string?)answer["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ProjectWithoutPolicy_IsAdmitted()
    {
        using var cluster = await emulator.StartAsync();

        var (status, _) = await cluster.RunAsync("nginx");
        var (_, pod) = await cluster.GetAsync(ClusterFixture.DefaultPods + "/test");

        Assert.Equal((201, "Running"), (status, (string)pod["status"]!["phase"]!));
    }

    private static Task<(int Status, JsonNode Json)> PatchAsync(ClusterFixture cluster, string path, string patch) =>
        cluster.SendAsync(HttpMethod.Patch, ClusterFixture.DefaultPods + path, patch, "application/strategic-merge-patch+json");
}
