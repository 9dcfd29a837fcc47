using System.CommandLine;
using BinAuthz.Cli;
using BinAuthz.Cli.Commands;

namespace BinAuthz.Tests.Cli;

public class BinAuthzToolTests
{
    private const string Digest = "sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc";

    public static TheoryData<string> EveryCommand { get; } = [.. Paths(BinAuthzTool.Create(), "")];

    [Theory]
    [InlineData("")]
    [InlineData("emulator")]
    [InlineData("attestations")]
    [InlineData("sing us-central1-docker.pkg.dev/p/r/i")]
    [InlineData("emulator up --rest-port eighty")]
    [InlineData("emulator up --rest-port 70000")]
    [InlineData("emulator up --grpc-port -1")]
    [InlineData("emulator up --environment test --bare")]
    [InlineData("emulator up --format yaml --bare")]
    [InlineData("emulator scan")]
    [InlineData("emulator scan us-central1-docker.pkg.dev/p/r/i@sha256:0 --status finished")]
    [InlineData("setup acme-prod")]
    [InlineData("setup acme-prod test")]
    [InlineData("verify")]
    [InlineData("verify us-central1-docker.pkg.dev/p/r/i --endpoint localhost:8080")]
    [InlineData("verify us-central1-docker.pkg.dev/p/r/i --endpoint ftp://localhost")]
    [InlineData("rotate run")]
    [InlineData("rotate status --project acme-prod --lifetime 0")]
    [InlineData("rotate status --project acme-prod --overlap soon")]
    [InlineData("rotate revoke 3 --project acme-prod --since 2026-10-01")]
    public async Task Run_WrongCommandLine_ExitsWithUsageAndPointsToHelp(string line)
    {
        var (code, output, error) = await Tool.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.Matches(@"See: binauthz.* --help\s*\z", error);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MisspeltCommand_SuggestsTheRightOne()
    {
        var (_, _, error) = await Tool.RunAsync("verfy");

        Assert.Contains("verify", error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public async Task Run_Help_ShowsExamplesAndFormat(string path)
    {
        var (code, output, _) = await Tool.RunAsync([.. path.Split(' '), "--help"]);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("--format <json|text>", output, StringComparison.Ordinal);
        Assert.Contains("Examples:", output, StringComparison.Ordinal);
        Assert.Contains($"  binauthz {path}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmulatorUp_WithoutApproval_RefusesAsAnAttestorWithoutAPolicyWouldSignAnything()
    {
        var (code, output, error) = await Tool.RunAsync("emulator", "up", "--rest-port", "0", "--grpc-port", "0");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.Contains("an attestor without an approval policy refuses to start", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmulatorUp_ApprovalIsMissingFile_NamesIt()
    {
        var (code, _, error) = await Tool.RunAsync("emulator", "up", "--approval", "/nowhere/approval.yaml");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("/nowhere/approval.yaml", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmulatorUp_PolicyOfAnotherEnvironment_NamesBothAttestors()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory["approval.yaml"], "environment: staging\nattestor: projects/acme-prod/attestors/staging-attestor\nrules:\n  repositories: [us-central1-docker.pkg.dev/acme-prod/app/**]\n  provenance: none\n", TestContext.Current.CancellationToken);

        var (code, _, error) = await Tool.RunAsync("emulator", "up", "--approval", directory["approval.yaml"]);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("projects/acme-prod/attestors/staging-attestor", error, StringComparison.Ordinal);
        Assert.Contains("projects/acme-prod/attestors/production-attestor", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmulatorUp_UnreadableApproval_NamesLineAndColumn()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory["approval.yaml"], "environment: production\nattestors: projects/acme-prod/attestors/production-attestor\n", TestContext.Current.CancellationToken);

        var (code, _, error) = await Tool.RunAsync("emulator", "up", "--approval", directory["approval.yaml"]);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("approval.yaml:2:12:", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_NoEmulatorNamed_SaysHowToNameIt()
    {
        using var directory = new TemporaryDirectory();

        var (code, _, error) = await Tool.RunAsync("emulator", "push", directory.Path, "us-central1-docker.pkg.dev/p/r/i");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("BINAUTHZ_ENDPOINT", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_NobodyListens_ExitsWithInfrastructure()
    {
        using var directory = new TemporaryDirectory();
        new BinAuthz.Cli.Oci.ImageMaker(directory.Path).MakeImage("hello");

        var (code, output, error) = await Tool.RunAsync("emulator", "push", directory.Path, "us-central1-docker.pkg.dev/p/r/i", "--endpoint", "http://127.0.0.1:1", "--format", "json");

        Assert.Equal(ExitCode.Infrastructure, code);
        Assert.Contains("--endpoint", error, StringComparison.Ordinal);
        Assert.Contains("\"error\":{\"code\":3", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("us-central1-docker.pkg.dev/p/r/i:v1", "CVE-2026-1:CRITICAL:fixable", "it has no digest")]
    [InlineData($"us-central1-docker.pkg.dev/p/r/i@{Digest}", "CVE-2026-1:CRITICAL", "CVE-2026-1:CRITICAL' is no vulnerability")]
    [InlineData($"us-central1-docker.pkg.dev/p/r/i@{Digest}", "CVE-2026-1:CRITICAL:maybe", "ID:SEVERITY:unfixable")]
    public async Task Scan_CannotBeRecorded_NamesTheRule(string image, string vulnerability, string rule)
    {
        var (code, _, error) = await Tool.RunAsync("emulator", "scan", image, "--vulnerability", vulnerability, "--endpoint", "http://127.0.0.1:1");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(rule, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("us-central1-docker.pkg.dev/p/r/i@sha256:short")]
    [InlineData("us-central1-docker.pkg.dev/p/r/i@sha512:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc")]
    [InlineData("not an image")]
    public async Task Verify_NoImage_NamesTheRule(string image)
    {
        var (code, _, error) = await Tool.RunAsync("verify", image, "--endpoint", "http://127.0.0.1:1");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(image, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_TagInAnotherRegistry_AsksForTheDigest()
    {
        var (code, _, error) = await Tool.RunAsync("verify", "ghcr.io/acme/server:1.0", "--endpoint", "http://127.0.0.1:1");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("@sha256:", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_DigestInAnotherRegistryWithoutProject_AsksForTheProject()
    {
        var (code, _, error) = await Tool.RunAsync("verify", $"ghcr.io/acme/server@{Digest}", "--endpoint", "http://127.0.0.1:1");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--project", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setup_UnknownAlgorithm_NamesIt()
    {
        var (code, _, error) = await Tool.RunAsync("setup", "acme-prod", "production", "--algorithm", "rot13", "--endpoint", "http://127.0.0.1:1");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("rot13", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rotate status --project acme-prod --lifetime 7d", "Make it longer")]
    [InlineData("rotate status --project acme-prod --attestor staging-built", "production-")]
    [InlineData("rotate status --project acme-prod --algorithm rot13", "rot13")]
    [InlineData("rotate revoke three --project acme-prod --since 2026-01-01 --reason lost", "'three' is no key version")]
    [InlineData("rotate revoke 3 --project acme-prod --since 9999-01-01 --reason lost", "still to come")]
    public async Task Rotate_CannotBeMeant_NamesTheRule(string line, string rule)
    {
        var (code, _, error) = await Tool.RunAsync([.. line.Split(' '), "--endpoint", "http://127.0.0.1:1"]);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(rule, error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Paths(Command command, string path) =>
        command.Subcommands.SelectMany(child => Paths(child, $"{path} {child.Name}".Trim())).Concat(command is CliCommand ? [path] : []);
}
