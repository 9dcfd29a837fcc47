using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Cli;
using BinAuthz.Cli.Checking;

namespace BinAuthz.Tests.Cli.Checking;

/// <summary><c>binauthz check --offline</c> over what gcloud exports.</summary>
public sealed class CheckTests : IDisposable
{
    private const string Signed = "us-docker.pkg.dev/acme-prod/apps/web@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc";
    private const string Unsigned = "us-docker.pkg.dev/acme-prod/apps/debug@sha256:ceffe727ab2fa2c7c3322ee4a1aa0c2d2a4664836c2133df93dd15055bb617be";
    private const string Staging = "us-central1.acme-staging-gke";
    private const string Production = "us-central1.acme-prod-gke";
    private readonly TemporaryDirectory directory = new();

    [Fact]
    public async Task Check_SignedImage_IsAdmitted()
    {
        var (code, output, error) = await RunAsync(Policy("release"), null, Pod(Signed));

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains($"admitted: {Signed} (Pod default/web, container c, ", output, StringComparison.Ordinal);
        Assert.Contains(") by the default rule", output, StringComparison.Ordinal);
        Assert.Contains("Workloads: 1, images: 1, blocked: 0, denied but admitted: 0, objects without pods: 0, unreadable: 0.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_UnsignedImage_IsDeniedWithReasonAndRemedy()
    {
        var (code, output, _) = await RunAsync(Policy("release"), null, Pod(Unsigned));

        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains($"denied: {Unsigned}", output, StringComparison.Ordinal);
        Assert.Contains("denied by attestor projects/acme-security/attestors/release: No attestations found that were valid", output, StringComparison.Ordinal);
        Assert.Contains($"    remedy: `binauthz sign {Unsigned}`", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Staging, ExitCode.Ok, "dry-run", "[\"not-attested\"]")]
    [InlineData(Production, ExitCode.Refused, "enforced", "[\"not-attested\",\"attestor-missing\"]")]
    [InlineData("us-central1.other", ExitCode.Refused, "enforced", "[\"always-deny\"]")]
    public async Task Check_Cluster_DecidesWhichRuleCounts(string cluster, int expected, string enforcement, string causes)
    {
        var (code, output, _) = await RunAsync(TestData.FullPath("policy/policy-export.yaml"), cluster, Pod(Unsigned), "--format", "json");

        Assert.Equal(expected, code);
        var image = Assert.Single(JsonNode.Parse(output)!["images"]!.AsArray())!;
        Assert.Equal(("denied", enforcement, code == ExitCode.Refused), (image["verdict"]!.GetValue<string>(), image["enforcement"]!.GetValue<string>(), image["blocked"]!.GetValue<bool>()));
        Assert.Equal(causes, new JsonArray([.. image["reasons"]!.AsArray().Select(reason => JsonValue.Create(reason!["cause"]!.GetValue<string>()))]).ToJsonString());
    }

    [Fact]
    public async Task Check_PolicyWithClusterRulesWithoutCluster_AsksForIt()
    {
        var (code, _, error) = await RunAsync(TestData.FullPath("policy/policy-export.yaml"), null, Pod(Unsigned));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains($"{Production}", error, StringComparison.Ordinal);
        Assert.Contains("--cluster LOCATION.NAME", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_BreakGlass_IsAWarning()
    {
        var manifest = Write("glass.yaml", $"apiVersion: v1\nkind: Pod\nmetadata: {{name: web, labels: {{image-policy.k8s.io/break-glass: 'true'}}}}\nspec: {{containers: [{{name: c, image: '{Unsigned}'}}]}}\n");

        var (code, output, _) = await RunAsync(Policy("release"), null, manifest);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains($"admitted by break-glass, else denied: {Unsigned}", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gke.gcr.io/a/b:v1", ExitCode.Ok)]
    [InlineData("gke.gcr.io.evil.example/a/b:v1", ExitCode.Refused)]
    public async Task Check_SystemPolicyOfFile_AdmitsImagesOfGke(string image, int expected)
    {
        var (code, output, _) = await RunAsync(Policy("release", "globalPolicyEvaluationMode: ENABLE\n"), null, Pod(image), "--system-policy", TestData.FullPath("policy/system-policy-excerpt.yaml"));

        Assert.Equal(expected, code);
        Assert.Equal(expected == ExitCode.Ok, output.Contains("by the system policy's pattern gke.gcr.io/**", StringComparison.Ordinal));
        Assert.DoesNotContain("warning:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_SystemPolicyNobodyKnows_UsesTheExcerptAndSaysSo()
    {
        var (code, output, _) = await RunAsync(Policy("release", "globalPolicyEvaluationMode: ENABLE\n"), null, Pod("gke.gcr.io/a/b:v1"));

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("warning: Of Google's system policy only an excerpt", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_FolderWithAnUnreadableFile_JudgesTheRestAndExitsWithTwo()
    {
        Directory.CreateDirectory(directory["k8s/deep"]);
        Write("k8s/a.yaml", PodYaml(Signed));
        Write("k8s/deep/b.json", $$$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"b"},"spec":{"containers":[{"name":"c","image":"{{{Unsigned}}}"}]}}""");
        Write("k8s/c.yml", "kind: [");
        Write("k8s/notes.txt", "no manifest");
        await File.WriteAllBytesAsync(directory["k8s/d.yaml"], [0x6B, 0xFF, 0xFE], TestContext.Current.CancellationToken);

        var (code, output, _) = await RunAsync(Policy("release"), null, directory["k8s"], "--format", "json");

        Assert.Equal(ExitCode.Usage, code);
        var document = JsonNode.Parse(output)!;
        Assert.Equal([Signed, Unsigned], document["images"]!.AsArray().Select(image => image!["image"]!.GetValue<string>()));
        Assert.Equal(1, document["blocked"]!.GetValue<int>());
        Assert.Equal(["c.yml", "d.yaml"], document["errors"]!.AsArray().Select(each => Path.GetFileName(each!["file"]!.GetValue<string>())));
        Assert.Equal("The file is not UTF-8.", document["errors"]![1]!["rule"]!.GetValue<string>());
    }

    [Fact]
    public void Read_StandardInput_IsRead()
    {
        using var input = new StringReader(PodYaml(Signed));

        Assert.Equal("stdin", Assert.Single(ManifestFiles.Read(["-"], input, "default").Workloads).At.File);
    }

    [Fact]
    public void Read_EmptyFolderAndMissingFile_AreErrors()
    {
        var reading = ManifestFiles.Read([directory.Path, directory["gone.yaml"]], TextReader.Null, "default");

        Assert.Equal(2, reading.Errors.Count);
    }

    [Fact]
    public async Task Check_Sarif_HasAResultAtTheImage()
    {
        var manifest = Write("a b.yaml", PodYaml(Unsigned) + "---\n" + PodYaml(Signed) + "---\nkind: [\n");

        var (code, output, _) = await RunAsync(Policy("release"), null, manifest, "--format", "sarif");

        Assert.Equal(ExitCode.Usage, code);
        var log = JsonNode.Parse(output)!;
        Assert.Equal("2.1.0", log["version"]!.GetValue<string>());
        var run = Assert.Single(log["runs"]!.AsArray())!;
        var result = Assert.Single(run["results"]!.AsArray())!;
        Assert.Equal(("not-attested", "error"), (result["ruleId"]!.GetValue<string>(), result["level"]!.GetValue<string>()));
        Assert.Equal("not-attested", run["tool"]!["driver"]!["rules"]![result["ruleIndex"]!.GetValue<int>()]!["id"]!.GetValue<string>());
        var location = result["locations"]![0]!["physicalLocation"]!;
        Assert.EndsWith("/a%20b.yaml", location["artifactLocation"]!["uri"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal((7, 12), (location["region"]!["startLine"]!.GetValue<int>(), location["region"]!["startColumn"]!.GetValue<int>()));
        Assert.False(run["invocations"]![0]!["executionSuccessful"]!.GetValue<bool>());
        Assert.Equal("error", run["invocations"]![0]!["toolExecutionNotifications"]![0]!["level"]!.GetValue<string>());
    }

    [Fact]
    public async Task Check_SarifOfDryRunAndBreakGlass_AreWarnings()
    {
        var manifest = Write("glass.yaml", $"apiVersion: v1\nkind: Pod\nmetadata: {{name: web, labels: {{image-policy.k8s.io/break-glass: 'true'}}}}\nspec: {{containers: [{{name: c, image: '{Unsigned}'}}]}}\n");

        var (code, output, _) = await RunAsync(TestData.FullPath("policy/policy-export.yaml"), Staging, manifest, "--format", "sarif");

        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal([("not-attested", "warning"), ("break-glass", "warning")], JsonNode.Parse(output)!["runs"]![0]!["results"]!.AsArray().Select(result => (result!["ruleId"]!.GetValue<string>(), result["level"]!.GetValue<string>())));
    }

    [Theory]
    [InlineData("-f x.yaml", "Give --project")]
    [InlineData("-f x.yaml --offline", "name it with --policy")]
    [InlineData("-f x.yaml --project p --attestors a.json", "are for --offline")]
    [InlineData("-f x.yaml --project p --cluster prod", "write LOCATION.NAME")]
    [InlineData("--project p", "--file")]
    public async Task Check_WrongCommandLine_SaysHow(string line, string remedy)
    {
        var (code, _, error) = await Tool.RunAsync(["check", .. line.Split(' ')]);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(remedy, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sarif_CommandThatFindsNothingInFiles_RefusesIt()
    {
        var (code, output, error) = await Tool.RunAsync("approval", "schema", "--format", "sarif");

        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.Contains("--format text or json", error, StringComparison.Ordinal);
    }

    public void Dispose() => directory.Dispose();

    private static string PodYaml(string image) => $"apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n  - name: c\n    image: {image}\n";

    private string Pod(string image) => Write("pod.yaml", PodYaml(image));

    private string Policy(string attestor, string more = "") => Write(
        "policy.yaml",
        $"{more}defaultAdmissionRule:\n  evaluationMode: REQUIRE_ATTESTATION\n  enforcementMode: ENFORCED_BLOCK_AND_AUDIT_LOG\n  requireAttestationsBy: [projects/acme-security/attestors/{attestor}]\n");

    private string Write(string name, string text)
    {
        File.WriteAllText(directory[name], text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return directory[name];
    }

    private Task<(int Code, string Output, string Error)> RunAsync(string policy, string? cluster, string manifests, params string[] more)
    {
        var attestors = Write("attestors.json", $"[{TestData.Text("attestation/attestor-single-key.json")}]");
        return Tool.RunAsync(
        [
            "check", "-f", manifests, "--offline", "--policy", policy, "--attestors", attestors,
            "--attestations", TestData.FullPath("attestation/occurrence-gcloud-style.json"), .. cluster is null ? Array.Empty<string>() : ["--cluster", cluster], .. more,
        ]);
    }
}
