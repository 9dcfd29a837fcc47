using System.Text.Json.Nodes;
using BinAuthz.Approval.Reading;
using BinAuthz.Cli;

namespace BinAuthz.Tests.Cli.Approval;

public sealed class ApprovalLintTests : IDisposable
{
    private const string Clean = "environment: staging\nattestor: projects/acme-staging/attestors/staging-attestor\nrules:\n  repositories: [us-central1-docker.pkg.dev/acme-staging/app/**]\n  provenance: none\n";
    private readonly TemporaryDirectory directory = new();

    [Fact]
    public async Task Lint_CleanPolicy_PrintsNothing()
    {
        var (code, output, error) = await Tool.RunAsync("approval", "lint", Write(Clean));

        Assert.Equal(ExitCode.Ok, code);
        Assert.Empty(output);
        Assert.Contains("Files: 1, errors: 0, warnings: 0.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rules:", "rulez:", 3, 1, "the policy has no key 'rulez'.")]
    [InlineData("environment: staging", "environment: staging\nenvironment: staging", 2, 1, "stands twice")]
    [InlineData("rules:", "rules: &r", 3, 8, "Anchors, aliases and tags are not used here.")]
    [InlineData("rules:", "rules: {", 6, 1, "not readable YAML")]
    public async Task Lint_Fault_IsPrintedWithItsPlaceAndExitsWithTwo(string replaced, string by, int line, int column, string rule)
    {
        var file = Write(Clean.Replace(replaced, by, StringComparison.Ordinal));

        var (code, output, _) = await Tool.RunAsync("approval", "lint", file);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(output.Split('\n'), printed => printed.StartsWith($"{file}:{line}:{column}: error: ", StringComparison.Ordinal) && printed.Contains(rule, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, ExitCode.Ok)]
    [InlineData(true, ExitCode.Refused)]
    public async Task Lint_Warning_CountsWhenStrict(bool strict, int expected)
    {
        var file = Write(Clean.Replace("staging", "production", StringComparison.Ordinal));

        var (code, output, _) = await Tool.RunAsync(["approval", "lint", file, .. strict ? new[] { "--strict" } : []]);

        Assert.Equal(expected, code);
        Assert.StartsWith($"{file}:5:15: warning: Production signs images without provenance", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lint_SeveralFilesAsJson_HasEveryFinding()
    {
        var clean = Write(Clean);
        var wrong = Write(Clean.Replace("environment: staging", "environment: 7", StringComparison.Ordinal));
        var missing = directory["missing.yaml"];

        var (code, output, _) = await Tool.RunAsync("approval", "lint", clean, wrong, missing, "--format", "json");

        Assert.Equal(ExitCode.Usage, code);
        var document = JsonNode.Parse(output)!;
        var files = document["files"]!.AsArray();
        Assert.Equal([clean, wrong, missing], files.Select(file => file!["file"]!.GetValue<string>()));
        Assert.Equal("staging", files[0]!["environment"]!.GetValue<string>());
        Assert.Equal(ApprovalPolicyReader.Read(Clean, clean, DateTimeOffset.MinValue).Policy!.Digest, files[0]!["digest"]!.GetValue<string>());
        Assert.Equal((1, 14), (files[1]!["errors"]![0]!["line"]!.GetValue<int>(), files[1]!["errors"]![0]!["column"]!.GetValue<int>()));
        Assert.Contains("cannot be read", files[2]!["errors"]![0]!["rule"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(files.Sum(file => file!["errors"]!.AsArray().Count), document["errors"]!.GetValue<int>());
    }

    [Fact]
    public async Task Lint_HugeFile_IsRefusedWithoutReadingIt()
    {
        var file = directory["huge.yaml"];
        await using (var stream = File.Create(file))
        {
            stream.SetLength(1L << 33);
        }

        var (code, output, _) = await Tool.RunAsync("approval", "lint", file);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("larger than 1 MiB", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lint_Folder_SaysThatItCannotBeRead()
    {
        var (code, output, _) = await Tool.RunAsync("approval", "lint", directory.Path);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("cannot be read", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_PrintsTheShippedFile()
    {
        var shipped = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "functions/BinAuthz/Approval/approval.schema.json"), TestContext.Current.CancellationToken);

        var (code, text, _) = await Tool.RunAsync("approval", "schema");
        var (_, json, _) = await Tool.RunAsync("approval", "schema", "--format", "json");

        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal(shipped.ReplaceLineEndings(), text.ReplaceLineEndings());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(shipped), JsonNode.Parse(json)));
    }

    public void Dispose() => directory.Dispose();

    private string Write(string yaml)
    {
        var file = directory[$"{Guid.NewGuid():N}.yaml"];
        File.WriteAllText(file, yaml);
        return file;
    }
}
