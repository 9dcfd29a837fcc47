using System.Text.Json.Nodes;

namespace BinAuthz.EndToEnd.Tests.Kubectl;

/// <summary>kubectl as the judge of the emulated cluster.</summary>
public sealed class KubectlTests(KubectlEmulator shared) : IClassFixture<KubectlEmulator>
{
    [Fact]
    public async Task Run_ImageByTag_IsRefusedInTheWordsOfGke()
    {
        using var world = await KubectlWorld.StartAsync(shared.Host, "by-tag");

        var ended = await world.RunAsync("run", "test", "--image=nginx:latest");

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal(
            "Error from server (VIOLATES_POLICY): admission webhook \"imagepolicywebhook.image-policy.k8s.io\" denied the request: Image nginx:latest denied by Binary Authorization default admission rule. "
            + $"Image nginx:latest denied by attestor {world.Attestor}: Expected digest with sha256 scheme, but got tag or malformed digest",
            ended.Error.Trim());
        var denial = Assert.Single(await world.DenialsAsync());
        Assert.Equal(("VIOLATES_POLICY", "core/v1/namespaces/default/pods/test"), ((string)denial["protoPayload"]!["response"]!["reason"]!, (string)denial["protoPayload"]!["resourceName"]!));
        Assert.StartsWith("kubectl/", (string?)denial["protoPayload"]!["requestMetadata"]!["callerSuppliedUserAgent"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SignedImage_RunsUntilItIsDeleted()
    {
        using var world = await KubectlWorld.StartAsync(shared.Host, "signed");
        await world.SignAsync(world.Image("server"));

        var run = await world.SucceedAsync("run", "test", $"--image={world.Image("server")}");
        var shown = await world.SucceedAsync("get", "pods");
        var phase = await world.SucceedAsync("get", "pod", "test", "--output", "json");
        var deleted = await world.SucceedAsync("delete", "pod", "test");
        var missing = await world.RunAsync("get", "pod", "test");

        Assert.Equal("pod/test created", run);
        Assert.Matches(@"^NAME +READY +STATUS +RESTARTS +AGE\ntest +1/1 +Running +0 +\d+s$", shown);
        Assert.Equal("Running", (string?)JsonNode.Parse(phase)!["status"]!["phase"]);
        Assert.StartsWith("pod \"test\" deleted", deleted, StringComparison.Ordinal);
        Assert.Contains("Error from server (NotFound): pods \"test\" not found", missing.Error, StringComparison.Ordinal);
        Assert.Empty((await world.SucceedAsync("get", "events", "--output", "name")).Trim());
    }

    [Fact]
    public async Task ApplyKustomization_UnsignedDeployment_IsAcceptedRetriedAndAdmittedOnceSigned()
    {
        using var world = await KubectlWorld.StartAsync(shared.Host, "kustomized");
        await world.SignAsync(world.Image("good"));
        await world.WriteAsync("kustomization.yaml", "namespace: shop\nresources: [shop.yaml]\n");
        await world.WriteAsync("shop.yaml", $"apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop}}\n---\n{Deployment("good", world.Image("good"))}---\n{Deployment("bad", world.Image("bad"))}");

        var applied = await world.SucceedAsync("apply", "-k", ".");
        await world.RetryAsync();
        var before = await world.SucceedAsync("get", "deployments", "-n", "shop", "--no-headers");
        var why = await world.SucceedAsync("describe", "replicasets", "-n", "shop", "--selector", "app=bad");
        await world.SignAsync(world.Image("bad"));
        await world.RetryAsync();
        var rolledOut = await world.SucceedAsync("rollout", "status", "deployment/bad", "-n", "shop", "--timeout=30s");
        var again = await world.SucceedAsync("apply", "-k", ".");

        Assert.Equal("namespace/shop created\ndeployment.apps/bad created\ndeployment.apps/good created", applied);
        Assert.Matches(@"^bad +0/3 .*\ngood +3/3 ", before);
        Assert.Matches("FailedCreate.*Error creating: admission webhook .* denied the request", why);
        Assert.Equal("deployment \"bad\" successfully rolled out", rolledOut);
        Assert.Equal("namespace/shop unchanged\ndeployment.apps/bad unchanged\ndeployment.apps/good unchanged", again);
        var denials = await world.DenialsAsync();
        Assert.True(denials.Count >= 2, $"{denials.Count} denials");
        Assert.All(denials, denial =>
        {
            Assert.Equal("system:serviceaccount:kube-system:replicaset-controller", (string?)denial["protoPayload"]!["authenticationInfo"]!["principalEmail"]);
            Assert.Contains(world.Image("bad"), (string?)denial["protoPayload"]!["response"]!["message"], StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Run_DryRunRuleAndBreakGlass_AreAdmittedAndLogged()
    {
        using var world = await KubectlWorld.StartAsync(shared.Host, "let-pass");

        await world.SucceedAsync("run", "glass", $"--image={world.Image("debug")}", "--labels=image-policy.k8s.io/break-glass=true", "--as=alice@acme.example");
        await world.SetPolicyAsync("DRYRUN_AUDIT_LOG_ONLY");
        await world.SucceedAsync("run", "dry", $"--image={world.Image("debug")}");

        var entries = (await world.DenialsAsync()).OrderBy(entry => (string?)entry["protoPayload"]!["resourceName"], StringComparer.Ordinal).ToArray();
        Assert.Equal(["true", null], entries.Reverse().Select(entry => (string?)entry["labels"]!["imagepolicywebhook.image-policy.k8s.io/break-glass"]));
        Assert.Equal(["true", null], entries.Select(entry => (string?)entry["labels"]!["imagepolicywebhook.image-policy.k8s.io/dry-run"]));
        Assert.All(entries, entry => Assert.StartsWith($"'{world.Image("debug")}' : Image ", (string?)entry["labels"]!["imagepolicywebhook.image-policy.k8s.io/overridden-verification-result"], StringComparison.Ordinal));
        Assert.Equal("alice@acme.example", (string?)entries[1]["protoPayload"]!["authenticationInfo"]!["principalEmail"]);
    }

    [Fact]
    public async Task CreateScaleAndSetImage_OfADeployment_WorkAsOnACluster()
    {
        using var world = await KubectlWorld.StartAsync(shared.Host, "verbs");
        await world.SignAsync(world.Image("server"));

        await world.SucceedAsync("create", "deployment", "web", $"--image={world.Image("server")}", "--port=80");
        await world.SucceedAsync("scale", "deployment/web", "--replicas=2");
        var refused = await world.RunAsync("run", "dry", "--image=nginx", "--dry-run=server");
        await world.SucceedAsync("set", "image", "deployment/web", $"server={world.Image("other")}");
        var pods = await world.SucceedAsync("get", "pods", "--output", "jsonpath={.items[*].spec.containers[0].image}");
        await world.SucceedAsync("delete", "deployment", "web");

        Assert.Contains("Error from server (VIOLATES_POLICY)", refused.Error, StringComparison.Ordinal);
        Assert.Equal([world.Image("server"), world.Image("server")], pods.Split(' '));
        Assert.Empty(await world.SucceedAsync("get", "replicasets,pods", "--output", "name"));
    }

    private static string Deployment(string name, string image) => $$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: "{{{name}}}"}
        spec:
          replicas: 3
          selector: {matchLabels: {app: "{{{name}}}"}}
          template:
            metadata: {labels: {app: "{{{name}}}"}}
            spec:
              containers:
                - {name: main, image: "{{{image}}}"}

        """;
}
