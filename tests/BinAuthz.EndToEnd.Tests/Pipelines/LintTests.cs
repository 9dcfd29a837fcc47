using BinAuthz.Tests;

namespace BinAuthz.EndToEnd.Tests.Pipelines;

/// <summary>What <c>.ci/lint</c> lets through, by mistakes planted in copies of the pipelines: each must be named.</summary>
public sealed class LintTests : IDisposable
{
    // File that is copied, what is replaced in it, by what, and words of the complaint.
    private static readonly (string File, string Good, string Bad, string Complaint)[] Mistakes =
    [
        ("cloudbuild.yaml", "requestedVerifyOption:", "requestVerifyOption:", "requestVerifyOption"),
        ("cloudbuild.yaml", "logging: CLOUD_LOGGING_ONLY", "logging: CLOUD_ONLY", ".options.logging"),
        ("cloudbuild.yaml", "logging: CLOUD_LOGGING_ONLY", "pubsubTopic: projects/p/topics/t", "a serviceAccount needs logging"),
        ("cloudbuild.yaml", "hashicorp/terraform:1.15.8@sha256:7ae513256f7ce67879e218ae8593d6fbe216ec9e123abe6c94e4e10704857963", "hashicorp/terraform:1.15.8", "is not pinned by digest"),
        ("cloudbuild.yaml", "functions:$BUILD_ID\n\nserviceAccount:", "functions:$COMMIT_SHA\n\nserviceAccount:", "$COMMIT_SHA is neither declared nor always there"),
        ("terraform/cloudbuild.deploy.yaml", "  _APPLY: \"false\"", "  _APLY: \"false\"", "$_APPLY is not declared"),
        ("cloudbuild.yaml", "requestedVerifyOption: VERIFIED", "requestedVerifyOption: NOT_VERIFIED", "belong together"),
        ("terraform/cloudbuild.deploy.yaml", "wait \"$_IMAGE\"", "wait $_IMAGE", "-1.sh line"),
        (".github/workflows/sign.yml", "@d23441a48e516b6c34aea4fa41551a30e30af803", "@v6", "is not pinned by commit"),
        (".github/workflows/sign.yml", "permissions: {}\n", "", "permissions is missing"),
        (".github/workflows/sign.yml", "    shell: bash\n", "    shell: sh\n", "within a pipe"),
        (".github/workflows/sign.yml", "inputs.timeout }}", "input.timeout }}", "Unrecognized named-value: 'input'"),
        (".github/workflows/ci.yml", "runs-on:", "run-on:", "run-on"),
        (".github/workflows/ci.yml", "run: dotnet test", "run: echo ${{ github.head_ref }}", "give it by env"),
    ];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("binauthz-lint-");

    [Fact]
    public async Task Lint_PlantedMistakes_EachIsNamed()
    {
        RequireTools();
        var planted = Mistakes.Select((mistake, number) => (mistake.Complaint, Copy: Plant(mistake.File, mistake.Good, mistake.Bad, number))).ToArray();
        Directory.CreateDirectory(Path.Combine(folder.FullName, ".ci"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, ".ci", "run"), "#!/usr/bin/env bash\ncd \"$1\"\n", TestContext.Current.CancellationToken);

        var ended = await LintAsync(folder.FullName);

        Assert.NotEqual(0, ended.ExitCode);
        var lines = ended.Output.Split('\n');
        Assert.All(planted, mistake => Assert.True(
            lines.Any(line => line.Contains(Path.GetFileName(mistake.Copy), StringComparison.Ordinal) && line.Contains(mistake.Complaint, StringComparison.Ordinal)),
            $"Nothing says '{mistake.Complaint}' of {mistake.Copy}:\n{ended.Output}{ended.Error}"));
        Assert.Contains("In .ci/run line 2:", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Lint_IsPartOfTheGate() =>
        Assert.Contains("bash .ci/lint", File.ReadAllText(Path.Combine(SourceTree.Root, ".ci/run")), StringComparison.Ordinal);

    public void Dispose() => folder.Delete(recursive: true);

    private static void RequireTools()
    {
        foreach (var tool in new[] { "gcloud", "node", "shellcheck" })
        {
            ExternalTool.Require(tool);
        }

        if (!Directory.Exists(Path.Combine(SourceTree.Root, ".artifacts/lint-tools/node_modules")))
        {
            ExternalTool.Unavailable("The packages of .ci/lint-tools are not installed: run .ci/lint once.");
        }
    }

    private string Plant(string file, string good, string bad, int number)
    {
        var text = File.ReadAllText(Path.Combine(SourceTree.Root, file));
        Assert.Contains(good, text, StringComparison.Ordinal);
        var copy = file.Replace(".y", $".{number}.y", StringComparison.Ordinal);
        var path = Path.Combine(folder.FullName, copy);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text.Replace(good, bad, StringComparison.Ordinal));
        return copy;
    }

    private static Task<ExternalProcess.Ended> LintAsync(string root) => new ExternalProcess
    {
        Program = "bash",
        Arguments = [Path.Combine(SourceTree.Root, ".ci/lint")],
        WorkingDirectory = SourceTree.Root,
        Environment = new Dictionary<string, string> { ["LINT_ROOT"] = root, ["HOME"] = root },
    }.RunAsync(TestContext.Current.CancellationToken);
}
