using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Archive;
using BinAuthz.Cli;
using BinAuthz.Cli.Auditing;
using BinAuthz.Tests.Auditing.Archive;
using BinAuthz.Tests.Auditing.Reports;

namespace BinAuthz.Tests.Cli.Auditing;

/// <summary>The audit commands that read, over a local folder and a public key that was kept: they need neither project nor network.</summary>
public sealed class AuditCommandTests : IDisposable
{
    private readonly ChainWorld world = new();
    private readonly TemporaryDirectory keys = new();

    [Fact]
    public async Task Show_Latest_IsTheVerifiedReport()
    {
        await StoreAsync();

        var (code, output, error) = await RunAsync("show");
        var (_, json, _) = await RunAsync("show", "latest", "--format", "json");

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("critical BA302 projects/acme-prod/policy", output, StringComparison.Ordinal);
        Assert.Contains("1 of 7 rules not assessed; 92 % of images covered", output, StringComparison.Ordinal);
        Assert.Contains("report 2, signed by //cloudkms", error, StringComparison.Ordinal);
        Assert.Equal("2026-11-27T06:00:00.000Z", (string?)JsonNode.Parse(json)!["time"]);
    }

    [Theory]
    [InlineData("html", "report.html")]
    [InlineData("csv", "findings.csv")]
    [InlineData("sarif", "report.sarif")]
    public async Task Show_Format_IsTheFileAsItWasSigned(string format, string file)
    {
        await StoreAsync();

        var (code, output, _) = await RunAsync("show", "20261127T060000Z", "--format", format);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal(Encoding.UTF8.GetString(await world.ReadAsync(ChainWorld.Name(2).File(file))), output);
    }

    [Fact]
    public async Task Show_ResourceSteersTheTerminal_IsSpelledOut()
    {
        await world.Store.StoreAsync(ReportSamples.Full with { Previous = null, Findings = [ReportSamples.Full.Findings[0] with { Detail = "\u001b[2Jgone" }] }, ChainWorld.Stop);

        var (_, output, _) = await RunAsync("show");

        Assert.Contains("\\u{001B}[2Jgone", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Theory]
    [InlineData("report.html", "<p>All good.</p>", ExitCode.Refused, "FileAltered")]
    [InlineData("statement.dsse.json", "{}", ExitCode.InvalidSignature, "StatementUnreadable")]
    public async Task Show_Tampered_ShowsNothing(string file, string content, int expected, string kind)
    {
        await StoreAsync();
        world.Forge(ChainWorld.Name(2).File(file), content);

        var (code, output, error) = await RunAsync("show", "--format", "html");

        Assert.Equal((expected, ""), (code, output));
        Assert.Contains(kind, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20270101T000000Z", "There is no report 20270101T000000Z")]
    [InlineData("yesterday", "'yesterday' names no report")]
    public async Task Show_NoSuchReport_IsUsage(string wanted, string expected)
    {
        await StoreAsync();

        var (code, _, error) = await RunAsync("show", wanted);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_NothingThereOrNotSigned_IsUsage()
    {
        var (empty, _, error) = await RunAsync("show");
        world.Forge(ChainWorld.Name(1).File("report.json"), "{}");
        var (unsigned, _, unfinished) = await RunAsync("show", "20261126T060000Z");

        Assert.Equal((ExitCode.Usage, ExitCode.Usage), (empty, unsigned));
        Assert.Contains("binauthz audit run production", error, StringComparison.Ordinal);
        Assert.Contains("stopped before it signed", unfinished, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_TwoReports_TellsWhatIsNewAndResolved()
    {
        await StoreAsync();
        await world.Store.StoreAsync(ChainWorld.Report(3), ChainWorld.Stop);

        var (worse, json, _) = await RunAsync("diff", "20261126T060000Z", "20261127T060000Z", "--format", "json");
        var (better, text, _) = await RunAsync("diff", "20261127T060000Z");
        var (reversed, _, error) = await RunAsync("diff", "20261127T060000Z", "20261126T060000Z");

        var diff = JsonNode.Parse(json)!;
        Assert.Equal((ExitCode.Refused, 5, 0), (worse, diff["new"]!.AsArray().Count, diff["resolved"]!.AsArray().Count));
        Assert.Equal(("BA302", "critical", 32), ((string?)diff["new"]![0]!["rule"], (string?)diff["new"]![0]!["severity"], ((string)diff["new"]![0]!["fingerprint"]!).Length));
        // The later report knows one of the rules only, and that passed.
        Assert.Equal(ExitCode.Refused, better);
        Assert.Contains("not looked at again: critical BA302", text, StringComparison.Ordinal);
        Assert.Contains("0 new, 0 resolved, 0 changed, 5 not looked at again, 0 unchanged.", text, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, reversed);
        Assert.Contains("20261127T060000Z is not before 20261126T060000Z", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyChain_Whole_NamesTheHead()
    {
        await StoreAsync();
        var head = ReportStatement.DigestOf(await world.ReadAsync(ChainWorld.Name(2).Statement));

        var (code, json, _) = await RunAsync("verify-chain", "--head", head, "--sequence", "2", "--format", "json");
        var (_, text, error) = await RunAsync("verify-chain");

        var answer = JsonNode.Parse(json)!;
        Assert.Equal((ExitCode.Ok, true, head), (code, (bool)answer["valid"]!, (string?)answer["reports"]![1]!["digest"]));
        Assert.Empty(answer["faults"]!.AsArray());
        Assert.Contains($"2 reports with valid signatures; the last is audits/production/20261127T060000Z, report 2, {head}", text, StringComparison.Ordinal);
        Assert.Contains("Whether newer reports than the last one were removed cannot be told", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyChain_Broken_HasAnExitCodeForEachKind()
    {
        await StoreAsync();
        var (removed, _, _) = await RunAsync("verify-chain", "--sequence", "3");
        world.Forge(ChainWorld.Name(1).File("report.html"), "x");
        var (broken, json, _) = await RunAsync("verify-chain", "--format", "json");
        world.Forge(ChainWorld.Name(1).Statement, "x");
        var (forged, text, _) = await RunAsync("verify-chain");

        Assert.Equal((ExitCode.Refused, ExitCode.Refused, ExitCode.InvalidSignature), (removed, broken, forged));
        Assert.Equal("fileAltered", (string?)Assert.Single(JsonNode.Parse(json)!["faults"]!.AsArray())!["kind"]);
        Assert.Contains("StatementUnreadable: audits/production/20261126T060000Z/statement.dsse.json", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyChain_KeyOfSomebodyElse_IsAnInvalidSignature()
    {
        await StoreAsync();
        using var other = new ChainWorld();

        var (code, _, _) = await Tool.RunAsync("audit", "verify-chain", "--data", world.Archive.Place, "--public-key", Key(other));

        Assert.Equal(ExitCode.InvalidSignature, code);
    }

    [Theory]
    [InlineData("Whose reports?", "audit", "show")]
    [InlineData("give --bucket or --data, not both", "audit", "show", "--project", "p", "--data", "x", "--bucket", "y")]
    [InlineData("--head 'abc' is no digest", "audit", "verify-chain", "--data", "x", "--head", "abc")]
    [InlineData("'diff' has nothing to say in html. Write --format text or json.", "audit", "diff", "a", "--format", "html")]
    [InlineData("Whose reports?", "audit", "run", "production")]
    [InlineData("'bad'", "audit", "run", "production", "--fail-on", "bad")]
    public async Task Audit_WrongOptions_SaysWhich(string expected, params string[] arguments)
    {
        var (code, _, error) = await Tool.RunAsync(arguments);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_PublicKeyIsNone_NamesTheFile()
    {
        var file = keys["no.pem"];
        await File.WriteAllTextAsync(file, "no key", ChainWorld.Stop);

        var (code, _, error) = await Tool.RunAsync("audit", "show", "--data", world.Archive.Place, "--public-key", file);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("no.pem is no public key that signs reports", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(AuditSeverity.Note), ExitCode.Refused)]
    [InlineData(nameof(AuditSeverity.Medium), ExitCode.Refused)]
    [InlineData(nameof(AuditSeverity.High), ExitCode.Ok)]
    public void Judge_Severity_IsCompared(string severity, int expected)
    {
        var failOn = Enum.Parse<AuditSeverity>(severity);
        var report = ReportSamples.Clean with { Findings = [ReportSamples.Full.Findings[0] with { Severity = AuditSeverity.Medium }] };

        Assert.Equal(expected, AuditOutput.Judge(report, failOn));
        Assert.Equal(ExitCode.Refused, AuditOutput.Judge(report with { Rules = [ReportSamples.NotAssessed] }, failOn));
        Assert.Equal(ExitCode.Ok, AuditOutput.Judge(report with { Findings = [] }, failOn));
    }

    public void Dispose()
    {
        world.Dispose();
        keys.Dispose();
    }

    // Day 1 is clean, and on day 2 everything is wrong.
    private async Task StoreAsync()
    {
        await world.WithAsync(1);
        await world.Store.StoreAsync(ReportSamples.Full with { Time = ChainWorld.Report(2).Time, Previous = null }, ChainWorld.Stop);
    }

    private string Key(ChainWorld owner)
    {
        var file = keys["audit-key.pem"];
        File.WriteAllText(file, owner.Pem);
        return file;
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        Tool.RunAsync(["audit", .. arguments, "--data", world.Archive.Place, "--public-key", Key(world)]);
}
