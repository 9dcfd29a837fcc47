using System.Text.Json.Nodes;
using BinAuthz.Cli;
using BinAuthz.Policies;
using BinAuthz.Tests.Policies;

namespace BinAuthz.Tests.Cli.Policies;

public sealed class PolicyCommandTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    [Fact]
    public async Task Render_Production_IsTheWholeOutputAndLintsClean()
    {
        var (code, yaml, error) = await Tool.RunAsync("policy", "render", "production", "--project", "acme-prod");

        Assert.Equal((ExitCode.Ok, ""), (code, error));
        Assert.Equal(
            "defaultAdmissionRule:\n  enforcementMode: ENFORCED_BLOCK_AND_AUDIT_LOG\n  evaluationMode: REQUIRE_ATTESTATION\n  requireAttestationsBy:\n  - projects/acme-prod/attestors/production-attestor\n"
            + "globalPolicyEvaluationMode: ENABLE\nname: projects/acme-prod/policy\n",
            yaml);
        Assert.Equal(ExitCode.Ok, (await Tool.RunAsync("policy", "lint", Write(yaml), "--environment", "production", "--strict")).Code);
    }

    [Fact]
    public async Task Render_AsJsonWithEverything_IsThePolicyOfTheYaml()
    {
        string[] line = ["policy", "render", "staging", "--project", "acme", "--attestor", "a", "--attestor", "projects/other/attestors/b", "--cluster", "us-central1.s", "--default", "allow", "--allow", "gcr.io/acme/**"];

        var (_, yaml, _) = await Tool.RunAsync(line);
        var (code, json, _) = await Tool.RunAsync([.. line, "--format", "json"]);

        Assert.Equal(ExitCode.Ok, code);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), PolicyDocument.Read(yaml).ToJson()));
        Assert.Equal(
            ["projects/acme/attestors/a", "projects/other/attestors/b"],
            JsonNode.Parse(json)!["clusterAdmissionRules"]!["us-central1.s"]!["requireAttestationsBy"]!.AsArray().Select(attestor => attestor!.GetValue<string>()));
        Assert.Equal("ALWAYS_ALLOW", JsonNode.Parse(json)!["defaultAdmissionRule"]!["evaluationMode"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("--cluster us-central1.prod", "--default")]
    [InlineData("--default deny", "--cluster")]
    [InlineData("--cluster prod --default deny", "'prod' is no cluster")]
    [InlineData("--allow *", "'*' is not an image pattern")]
    [InlineData("--attestor projects/acme", "projects/P/attestors/ID")]
    public async Task Render_CannotBeMeant_SaysWhy(string options, string reason)
    {
        var (code, output, error) = await Tool.RunAsync(["policy", "render", "production", "--project", "acme", .. options.Split(' ')]);

        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name: ", "name: ", "", ExitCode.Ok, null)]
    [InlineData("base/**", "base/*", "", ExitCode.Ok, "2:16: warning: pattern-within-one-segment: ")]
    [InlineData("base/**", "base/*", "--strict", ExitCode.Refused, "2:16: warning: pattern-within-one-segment: ")]
    [InlineData("ALWAYS_DENY", "ALWAYS_ALLOW", "", ExitCode.Ok, null)]
    [InlineData("ALWAYS_DENY", "ALWAYS_ALLOW", "--environment production", ExitCode.Refused, "11:19: error: always-allow-in-production: ")]
    [InlineData("ALWAYS_DENY", "ENFORCING_MODE", "", ExitCode.Refused, "11:19: error: enum-unknown: ")]
    [InlineData("name: ", "name: [", "", ExitCode.Usage, ": error: unreadable: ")]
    public async Task Lint_Policy_PrintsPlaceRuleAndRemedy(string replaced, string by, string options, int expected, string? line)
    {
        var file = Write(PolicySamples.Clean.Replace(replaced, by, StringComparison.Ordinal));

        var (code, output, _) = await Tool.RunAsync(["policy", "lint", file, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(expected, code);
        Assert.Equal(line is null, !output.Contains("error: ", StringComparison.Ordinal) && !output.Contains("warning: ", StringComparison.Ordinal));
        Assert.Contains(line ?? $"{file}:1:1: note: attestor-not-assessed: ", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), printed => Assert.StartsWith($"{file}:", printed, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lint_SeveralFilesAsJson_HasEveryFinding()
    {
        var seed = TestData.FullPath("policy/policy-seed-invalid.yaml");

        var (code, output, _) = await Tool.RunAsync("policy", "lint", Write(PolicySamples.Clean), seed, directory["missing.yaml"], "--format", "json");

        Assert.Equal(ExitCode.Usage, code);
        var files = JsonNode.Parse(output)!["files"]!.AsArray();
        Assert.Equal(seed, files[1]!["file"]!.GetValue<string>());
        Assert.Equal(["wrapper-document", "enum-unknown"], Errors(files[1]!));
        Assert.Equal(["unreadable"], Errors(files[2]!));
        var enumeration = files[1]!["findings"]!.AsArray().First(finding => finding!["id"]!.GetValue<string>() == "enum-unknown")!;
        Assert.Equal((11, 22), (enumeration["line"]!.GetValue<int>(), enumeration["column"]!.GetValue<int>()));
        Assert.Equal(3, JsonNode.Parse(output)!["errors"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("diff")]
    [InlineData("apply")]
    public async Task Command_FileThatIsNoPolicy_AsksNobody(string command)
    {
        var (code, _, error) = await Tool.RunAsync("policy", command, Write("spec: {}\n"), "--project", "acme", "--endpoint", "http://127.0.0.1:1");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("wrapper-document", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lint_HugeFile_IsRefusedWithoutReadingIt()
    {
        var file = directory["huge.yaml"];
        await using (var stream = File.Create(file))
        {
            stream.SetLength(1L << 33);
        }

        var (code, output, _) = await Tool.RunAsync("policy", "lint", file);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("larger than 1 MiB", output, StringComparison.Ordinal);
    }

    public void Dispose() => directory.Dispose();

    private static IEnumerable<string> Errors(JsonNode file) =>
        file["findings"]!.AsArray().Where(finding => finding!["severity"]!.GetValue<string>() == "error").Select(finding => finding!["id"]!.GetValue<string>());

    private string Write(string yaml)
    {
        var file = directory[$"{Guid.NewGuid():N}.yaml"];
        File.WriteAllText(file, yaml);
        return file;
    }
}
