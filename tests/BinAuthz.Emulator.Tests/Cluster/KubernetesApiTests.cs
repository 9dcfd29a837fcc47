using System.Text;
using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Tests.Cluster;

public sealed class KubernetesApiTests(ClusterEmulator emulator) : IClassFixture<ClusterEmulator>
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";
    private const string Map = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings","labels":{"tier":"web"}},"data":{"a":"1"}}""";

    public static TheoryData<string, string, string?, int, string> Errors => new()
    {
        { "GET", "/api/v1/namespaces/default/pods/none", null, 404, "NotFound" },
        { "GET", "/api/v1/namespaces/default/gadgets", null, 404, "NotFound" },
        { "GET", "/apis/autoscaling/v2", null, 404, "NotFound" },
        { "POST", "/api/v1/namespaces/none/pods", """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"a","image":"b"}]}}""", 404, "NotFound" },
        { "POST", Maps, Map, 409, "AlreadyExists" },
        { "PUT", Maps + "/settings", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings","resourceVersion":"1"}}""", 409, "Conflict" },
        { "DELETE", Maps + "/settings", """{"preconditions":{"uid":"another"}}""", 409, "Conflict" },
        { "DELETE", "/api/v1/namespaces/default", null, 403, "Forbidden" },
        { "DELETE", Maps, null, 405, "MethodNotAllowed" },
        { "POST", "/api/v1/pods", Map, 405, "MethodNotAllowed" },
        { "PATCH", Maps + "/settings", "{}", 415, "UnsupportedMediaType" },
        { "POST", Maps, "{", 400, "BadRequest" },
        { "POST", Maps, "[]", 400, "BadRequest" },
        { "POST", Maps, """{"a":1,"a":2}""", 400, "BadRequest" },
        { "POST", Maps, "", 400, "BadRequest" },
        { "POST", Maps, """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}""", 400, "BadRequest" },
        { "POST", Maps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"other"}}""", 400, "BadRequest" },
        { "POST", Maps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","labels":{"a":1}}}""", 400, "BadRequest" },
        { "POST", Maps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"Not A Name"}}""", 422, "Invalid" },
        { "POST", Maps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":7}""", 422, "Invalid" },
        { "POST", ClusterFixture.DefaultPods, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[]}}""", 422, "Invalid" },
        { "POST", ClusterFixture.DefaultPods, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"a"}]}}""", 422, "Invalid" },
        { "POST", "/apis/apps/v1/namespaces/default/deployments", """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"spec":{"containers":[{"name":"a","image":"b"}]}}}}""", 422, "Invalid" },
        { "GET", Maps + "?labelSelector=a%3D%3D%3D", null, 400, "BadRequest" },
        { "GET", Maps + "?watch=true&sendInitialEvents=true", null, 422, "Invalid" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Request_Wrong_IsAnsweredWithAStatus(string method, string path, string? body, int code, string reason)
    {
        using var cluster = await emulator.StartAsync();
        await cluster.PostAsync(Maps, Map);

        var (status, answer) = await cluster.SendAsync(new HttpMethod(method), path, body);

        Assert.Equal((code, "Status", "Failure", reason, code), (status, (string)answer["kind"]!, (string)answer["status"]!, (string)answer["reason"]!, (int)answer["code"]!));
        Assert.NotEmpty((string)answer["message"]!);
    }

    [Fact]
    public async Task Request_ToWhatIsNoCluster_IsNotFound()
    {
        using var cluster = await emulator.StartAsync();

        var (status, answer) = await cluster.Emulator.SendAsync(HttpMethod.Get, "/clusters/acme-prod/us-central1/Not_A_Cluster/version");

        Assert.Equal((404, "NotFound"), (status, (string)answer["reason"]!));
    }

    [Fact]
    public async Task Objects_OfTwoClusters_AreApart()
    {
        using var cluster = await emulator.StartAsync();
        await cluster.PostAsync(Maps, Map);

        var (_, other) = await cluster.Emulator.SendAsync(HttpMethod.Get, $"/clusters/{cluster.Project}/us-central1/other{Maps}");
        var (_, same) = await cluster.GetAsync(Maps);

        Assert.Empty(other["items"]!.AsArray());
        Assert.Single(same["items"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"data":{"a":null,"b":"2"}}""", """{"b":"2"}""")]
    [InlineData("""{"data":null}""", null)]
    [InlineData("""{"data":{"$patch":"replace","c":"3"}}""", """{"c":"3"}""")]
    [InlineData("""{"data":{"$patch":"delete"}}""", null)]
    public async Task Patch_StrategicOfAMap_Merges(string patch, string? expected)
    {
        using var cluster = await emulator.StartAsync();
        await cluster.PostAsync(Maps, Map);

        var (status, map) = await cluster.SendAsync(HttpMethod.Patch, Maps + "/settings", patch, "application/strategic-merge-patch+json");

        Assert.Equal(200, status);
        Assert.True(JsonNode.DeepEquals(expected is null ? null : JsonNode.Parse(expected), map["data"]), map.ToString());
    }

    [Theory]
    [InlineData("""[{"name":"b","image":"new"}]""", "", "a=one b=new")]
    [InlineData("""[{"name":"c","image":"three"}]""", "", "a=one b=two c=three")]
    [InlineData("""[{"name":"a","$patch":"delete"}]""", "", "b=two")]
    [InlineData("""[{"$patch":"replace"},{"name":"d","image":"four"}]""", "", "d=four")]
    [InlineData("""[{"name":"c","image":"three"}]""", """,{"name":"c"},{"name":"b"},{"name":"a"}""", "c=three b=two a=one")]
    public async Task Patch_StrategicOfContainers_MergesByName(string containers, string order, string expected)
    {
        using var cluster = await emulator.StartAsync();
        var deployment = JsonNode.Parse(ClusterFixture.Deployment("web", "one"))!;
        deployment["spec"]!["template"]!["spec"]!["containers"] = JsonNode.Parse("""[{"name":"a","image":"one"},{"name":"b","image":"two"}]""");
        await cluster.PostAsync("/apis/apps/v1/namespaces/default/deployments", deployment.ToJsonString());
        var directive = order.Length == 0 ? "" : $",\"$setElementOrder/containers\":[{order[1..]}]";

        var (_, patched) = await cluster.SendAsync(
            HttpMethod.Patch, "/apis/apps/v1/namespaces/default/deployments/web", $$$$$"""{"spec":{"template":{"spec":{"containers":{{{{{containers}}}}}{{{{{directive}}}}}}}}}""", "application/strategic-merge-patch+json");

        Assert.Equal(expected, string.Join(' ', patched["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Select(container => $"{container!["name"]}={container["image"]}")));
    }

    [Theory]
    [InlineData("labelSelector=tier%3Dweb", 1)]
    [InlineData("labelSelector=tier!%3Dweb", 0)]
    [InlineData("labelSelector=tier%20in%20(web,db),!gone", 1)]
    [InlineData("labelSelector=tier%20notin%20(web)", 0)]
    [InlineData("labelSelector=gone", 0)]
    [InlineData("fieldSelector=metadata.name%3Dsettings", 1)]
    [InlineData("fieldSelector=metadata.name!%3Dsettings", 0)]
    public async Task List_WithSelector_FindsWhatMatches(string query, int expected)
    {
        using var cluster = await emulator.StartAsync();
        await cluster.PostAsync(Maps, Map);

        var (_, list) = await cluster.GetAsync($"{Maps}?{query}");

        Assert.Equal(expected, list["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task List_AsTable_HasTheColumnsOfKubectl()
    {
        using var cluster = await emulator.StartAsync();
        await cluster.RunAsync("nginx");
        cluster.Time.Advance(TimeSpan.FromMinutes(5));

        var (_, table) = await cluster.SendAsync(HttpMethod.Get, ClusterFixture.DefaultPods, accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");

        Assert.Equal(["Name", "Ready", "Status", "Restarts", "Age"], table["columnDefinitions"]!.AsArray().Select(column => (string?)column!["name"]));
        Assert.Equal(["test", "1/1", "Running", "0", "5m"], table["rows"]![0]!["cells"]!.AsArray().Select(cell => cell!.ToString()));
    }

    [Fact]
    public async Task Watch_FromAVersion_TellsWhatHappenedSinceAndThenEnds()
    {
        using var cluster = await emulator.StartAsync();
        var (_, before) = await cluster.GetAsync(Maps);
        await cluster.PostAsync(Maps, Map);
        await cluster.SendAsync(HttpMethod.Patch, Maps + "/settings", """{"data":{"a":"2"}}""", "application/merge-patch+json");
        await cluster.SendAsync(HttpMethod.Patch, Maps + "/settings", """{"metadata":{"labels":{"tier":"db"}}}""", "application/merge-patch+json");

        var watch = await cluster.Emulator.Rest.GetAsync(
            new Uri($"{cluster.Server}{Maps}?watch=true&timeoutSeconds=1&labelSelector=tier%3Dweb&resourceVersion={before["metadata"]!["resourceVersion"]}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestEmulator.Stop);
        cluster.Time.Advance(TimeSpan.FromSeconds(1));
        var lines = (await watch.Content.ReadAsStringAsync(TestEmulator.Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!);

        Assert.Equal(["ADDED", "MODIFIED", "DELETED"], lines.Select(line => (string?)line["type"]));
    }

    [Fact]
    public async Task Watch_WhileTheEmulatorStops_Ends()
    {
        var own = await TestEmulator.StartAsync();
        using var rest = new HttpClient { BaseAddress = own.Host.RestEndpoint };
        var watch = await rest.GetStreamAsync(new Uri($"/clusters/acme-prod/us-central1/prod{Maps}?watch=true", UriKind.Relative), TestEmulator.Stop);

        await own.DisposeAsync();

        Assert.Equal(-1, watch.ReadByte());
    }

    [Fact]
    public async Task Create_InProtobuf_IsReadAsKubectlWritesIt()
    {
        using var cluster = await emulator.StartAsync();
        // kubectl create deployment foo --image=nginx --port=80 --replicas=2, version 1.33.
        var body = Convert.FromHexString(
            "6b3873000a150a07617070732f7631120a4465706c6f796d656e7412b8010a1f0a03666f6f12001a0022002a003200380042005a0a0a036170701203666f6f1286010802120c0a0a0a036170701203666f6f1a6c0a1c0a0012001a0022002a003200380042005a0a0a036170701203666f6f124c122e0a056e67696e7812056e67696e782a00320a0a00100018502200" +
            "2a0042006a0072008001008801009001" + "00a201001a00320042004a005200580060006800820100" + "8a01009a0100c2010022020a00280038001a0c0800100018002000280038001a002200");
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/vnd.kubernetes.protobuf");

        var answer = await cluster.Emulator.Rest.PostAsync(new Uri(cluster.Server + "/apis/apps/v1/namespaces/default/deployments", UriKind.Relative), content, TestEmulator.Stop);

        Assert.True((int)answer.StatusCode == 201, await answer.Content.ReadAsStringAsync(TestEmulator.Stop));
        var (_, pods) = await cluster.GetAsync(ClusterFixture.DefaultPods);
        Assert.Equal(2, pods["items"]!.AsArray().Count);
        Assert.Equal(("nginx", 80), ((string)pods["items"]![0]!["spec"]!["containers"]![0]!["image"]!, (int)pods["items"]![0]!["spec"]!["containers"]![0]!["ports"]![0]!["containerPort"]!));
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("6b387300", 415)]
    [InlineData("6b387300ffffffff", 400)]
    [InlineData("6b3873000a0b0a0276311205506f64", 400)]
    public async Task Create_InProtobufThatCannotBeRead_IsRefused(string hex, int expected)
    {
        using var cluster = await emulator.StartAsync();
        using var content = new ByteArrayContent(Convert.FromHexString(hex));
        content.Headers.ContentType = new("application/vnd.kubernetes.protobuf");

        var answer = await cluster.Emulator.Rest.PostAsync(new Uri(cluster.Server + Maps, UriKind.Relative), content, TestEmulator.Stop);

        Assert.Equal(expected, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Delete_Namespace_TakesEverythingInItAlong()
    {
        using var cluster = await emulator.StartAsync();
        await cluster.CreateNamespaceAsync("shop");
        await cluster.PostAsync("/api/v1/namespaces/shop/pods", ClusterFixture.Pod("web", "nginx"));

        var (deleted, status) = await cluster.SendAsync(HttpMethod.Delete, "/api/v1/namespaces/shop");
        var (_, pods) = await cluster.GetAsync("/api/v1/pods");
        var (missing, _) = await cluster.GetAsync("/api/v1/namespaces/shop");

        Assert.Equal((200, "Success", 404), (deleted, (string)status["status"]!, missing));
        Assert.Empty(pods["items"]!.AsArray());
    }

    [Fact]
    public async Task Fault_ForAMethod_IsAnsweredOnce()
    {
        using var cluster = await emulator.StartAsync();
        cluster.Emulator.Host.Faults.FailNext("Kubernetes-GET-pods", Grpc.Core.StatusCode.Unavailable);

        var (failed, _) = await cluster.GetAsync(ClusterFixture.DefaultPods);
        var (answered, _) = await cluster.GetAsync(ClusterFixture.DefaultPods);

        Assert.Equal((503, 200), (failed, answered));
        Assert.Contains(cluster.Emulator.Host.Requests.Snapshot(), request => request is { Method: "Kubernetes-GET-pods", Status: Grpc.Core.StatusCode.Unavailable });
    }

    [Fact]
    public async Task Create_TooLarge_IsRefused()
    {
        using var cluster = await emulator.StartAsync();
        var body = new StringBuilder(Map).Replace("\"1\"", $"\"{new string('x', 4_000_000)}\"").ToString();

        var (status, _) = await cluster.PostAsync(Maps, body);

        Assert.Equal(413, status);
    }
}
