using System.Text;
using BinAuthz.Auditing.Archive;
using BinAuthz.Auditing.Reports;
using BinAuthz.Decisions;

namespace BinAuthz.Tests.Auditing.Archive;

/// <summary>Every kind of tampering with a chain of four reports, and what it is called.</summary>
public sealed class ChainVerifierTests
{
    private const string Folder = "audits/production/";

    private static readonly Dictionary<string, (Func<ChainWorld, Task> Tamper, string[] Expected)> Cases = new()
    {
        ["a file altered"] = (Sync(world => world.Forge(File(2, "report.html"), "<p>All good.</p>")), ["FileAltered 2/report.html"]),
        ["the report altered"] = (async world => world.Forge(File(2, "report.json"), Encoding.UTF8.GetString(await world.ReadAsync(File(2, "report.json"))).Replace("acme-prod", "acme-evil", StringComparison.Ordinal)), ["FileAltered 2/report.json"]),
        ["a file removed"] = (Sync(world => world.Remove(File(3, "findings.csv"))), ["FileMissing 3/findings.csv"]),
        ["a file added to a report"] = (Sync(world => world.Forge(File(2, "note.txt"), "x")), ["FileUnknown 2/note.txt"]),
        ["a file added beside the reports"] = (Sync(world => world.Forge(Folder + "readme.md", "x")), ["FileUnknown readme.md"]),
        ["a file added below a report"] = (Sync(world => world.Forge(File(2, "more/report.json"), "{}")), ["FileUnknown 2/more/report.json"]),
        ["a key outside of the keys"] = (Sync(world => world.Forge(Folder + "other/audit-key-1.pem", world.Pem)), ["FileUnknown other/audit-key-1.pem"]),
        ["a file below a key"] = (Sync(world => world.Forge(Folder + "keys/audit-key-1.pem/x", world.Pem)), ["FileUnknown keys/audit-key-1.pem/x"]),
        ["a folder of a time that is none"] = (Sync(world => world.Forge(Folder + "20261399T000000Z/report.json", "{}")), ["FileUnknown 20261399T000000Z/report.json"]),
        ["no key beside the keys"] = (Sync(world => world.Forge(Folder + "keys/readme.md", "x")), ["FileUnknown keys/readme.md"]),
        ["the statement is no envelope"] = (Sync(world => world.Forge(Name(2).Statement, "{}")), ["StatementUnreadable 2/statement.dsse.json"]),
        ["the statement is of another type"] = (async world => world.Forge(Name(2).Statement, (DsseEnvelope.Parse(await world.ReadAsync(Name(2).Statement)) with { PayloadType = "text/plain" }).ToBytes()), ["StatementUnreadable 2/statement.dsse.json"]),
        ["something else was signed"] = (Sync(world => world.Forge(Name(2).Statement, world.SignBytes("{}"u8.ToArray()))), ["StatementUnreadable 2/statement.dsse.json"]),
        ["the payload altered"] = (world => AlterAsync(world, 2, statement => statement with { Project = "acme-evil" }), ["BadSignature 2/statement.dsse.json"]),
        ["no signature"] = (async world => world.Forge(Name(2).Statement, (DsseEnvelope.Parse(await world.ReadAsync(Name(2).Statement)) with { Signatures = [] }).ToBytes()), ["BadSignature 2/statement.dsse.json"]),
        ["an unknown key"] = (async world => world.Forge(Name(4).Statement, world.Sign(await world.StatementAsync(4), "//keys.example/other")), ["UnknownKey 4/statement.dsse.json"]),
        ["the statement of another report"] = (async world => world.Forge(Name(2).Statement, await world.ReadAsync(Name(3).Statement)), ["StatementMisplaced 2/statement.dsse.json"]),
        ["a statement without the report"] = (world => ResignAsync(world, 4, statement => statement with { Subjects = [.. statement.Subjects.Where(subject => subject.Name != "report.json")] }), ["FileUnknown 4/report.json", "StatementContradicted 4/statement.dsse.json"]),
        ["a statement of another project"] = (world => ResignAsync(world, 4, statement => statement with { Project = "other" }), ["StatementContradicted 4/report.json"]),
        ["a signed report that is none"] = (world => ReplaceReportAsync(world, 4, "{}"), ["StatementContradicted 4/report.json"]),
        ["a report that names a later one before it"] = (async world => await ReplaceReportAsync(world, 4, WithPrevious(4, new PreviousReport(Name(4).Statement, ReportStatement.DigestOf("x"u8), 4))), ["StatementContradicted 4/report.json"]),
        ["a report that names one that is not there, in its own place"] = (async world => await ReplaceReportAsync(world, 4, WithPrevious(4, new PreviousReport(Name(0).Statement, ReportStatement.DigestOf("x"u8), 4))), ["StatementContradicted 4/report.json"]),
        ["a report that names what was not before it"] = (async world => await ReplaceReportAsync(world, 4, WithPrevious(4, new PreviousReport(Name(2).Statement, ReportStatement.DigestOf("x"u8), 2))), ["StatementContradicted 4/report.json"]),
        ["a statement removed"] = (Sync(world => world.Remove(Name(2).Statement)), ["StatementMissing 2/statement.dsse.json"]),
        ["the newest two statements removed"] = (Sync(world => RemoveStatements(world, 3, 4)), ["StatementMissing 3/statement.dsse.json"]),
        ["a statement and all later marks removed"] = (Sync(world => RemoveStatements(world, 3, 3, Mark(4))), ["MarkWrong chain/00000004", "StatementMissing 3/statement.dsse.json"]),
        ["every report removed, not the marks"] = (Sync(RemoveAll), ["ReportRemoved 1", "ReportRemoved 2", "ReportRemoved 3", "ReportRemoved 4"]),
        ["a report removed"] = (Sync(world => world.RemoveFolder(Name(2).Folder)), ["ReportRemoved 2"]),
        ["a report and its mark removed"] = (Sync(world => Remove(world, 2)), ["ReportRemoved chain/00000002"]),
        ["the first report removed"] = (Sync(world => Remove(world, 1)), ["ReportRemoved chain/00000001"]),
        ["the newest report removed, not its mark"] = (Sync(world => world.RemoveFolder(Name(4).Folder)), ["ReportRemoved 4"]),
        ["a mark removed"] = (Sync(world => world.Remove(Mark(3))), ["MarkWrong chain/00000003"]),
        ["the newest mark removed"] = (Sync(world => world.Remove(Mark(4))), ["MarkWrong chain/00000004"]),
        ["a mark of another report"] = (Sync(world => world.Forge(Mark(3), ChainMark.Write(Name(2)))), ["MarkWrong chain/00000003"]),
        ["a mark of another environment"] = (Sync(world => world.Forge(Mark(3), "audits/staging/20261128T060000Z/statement.dsse.json")), ["MarkWrong chain/00000003", "MarkWrong chain/00000003"]),
        ["a mark of nothing"] = (Sync(world => world.Forge(Mark(3), "?")), ["MarkWrong chain/00000003", "MarkWrong chain/00000003"]),
        ["a mark that is none"] = (Sync(world => world.Forge(Folder + "chain/3", "x")), ["FileUnknown chain/3"]),
        ["a mark of place 0"] = (Sync(world => world.Forge(Folder + "chain/00000000", "x")), ["FileUnknown chain/00000000"]),
        ["two reports claim one place"] = (ForkAsync, ["Fork chain/00000003"]),
        ["a report replaced by one that is signed"] = (world => ResignAsync(world, 2, statement => statement), ["PreviousMismatch 3/statement.dsse.json"]),
        ["another report is named as the one before"] = (world => ResignAsync(world, 4, statement => statement with { Previous = statement.Previous! with { Name = Name(2).Statement } }), ["PreviousMismatch 4/statement.dsse.json"]),
        ["a report that is older than the one before"] = (BackdateAsync, ["TimesReordered 0"]),
    };

    public static TheoryData<string> Kinds => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Verify_Tampered_NamesIt(string kind)
    {
        using var world = await new ChainWorld().WithAsync(4);

        await Cases[kind].Tamper(world);
        var verdict = await world.VerifyAsync();

        Assert.Equal(Cases[kind].Expected, verdict.Faults.Select(fault => $"{fault.Kind} {Short(fault.Name)}").Order(StringComparer.Ordinal));
        Assert.All(verdict.Faults, fault => Assert.NotEmpty(fault.Detail));
        // The newest report without a statement is one that is not finished.
        Assert.Equal(kind == "the newest two statements removed" ? [Name(4).Folder] : [], verdict.Unfinished);
    }

    [Fact]
    public async Task Verify_MarkIsMissingOrOfAnother_SaysWhich()
    {
        using var world = await new ChainWorld().WithAsync(3);
        world.Remove(Mark(2));
        world.Forge(Mark(3), ChainMark.Write(Name(1)));

        var verdict = await world.VerifyAsync();

        Assert.Equal([$"It is missing: the place is that of {Name(2)}.", $"It names {Name(1)}, and the place is that of {Name(3)}."], verdict.Faults.Select(fault => fault.Detail));
    }

    [Fact]
    public async Task Verify_Untouched_FindsNothing()
    {
        using var world = await new ChainWorld().WithAsync(4);

        var verdict = await world.VerifyAsync(new ExpectedHead(null, 4));

        Assert.Empty(verdict.Faults);
        Assert.Empty(verdict.Unfinished);
        Assert.Equal([1L, 2L, 3L, 4L], verdict.Reports.Select(report => report.Statement.Sequence));
        Assert.Equal(ReportStatement.DigestOf(await world.ReadAsync(Name(4).Statement)), verdict.Head!.Digest);
        Assert.Equal(ChainWorld.KeyId, verdict.Head.KeyId);
    }

    [Fact]
    public async Task Verify_NothingThere_IsNoPass()
    {
        using var world = new ChainWorld();

        var verdict = await world.VerifyAsync();

        Assert.Equal(ChainFaultKind.NoReport, Assert.Single(verdict.Faults).Kind);
        Assert.Null(verdict.Head);
        Assert.Contains((await world.VerifyAsync(new ExpectedHead(null, 1))).Faults, fault => fault.Detail == "There is no report 1: the newest is 0.");
    }

    [Fact]
    public async Task Verify_NewestRemoved_TakesTheHeadToTell()
    {
        using var world = await new ChainWorld().WithAsync(4);
        var head = ReportStatement.DigestOf(await world.ReadAsync(Name(4).Statement));
        Remove(world, 4);

        Assert.Empty((await world.VerifyAsync()).Faults);
        Assert.Equal(ChainFaultKind.HeadMissing, Assert.Single((await world.VerifyAsync(new ExpectedHead(head, null))).Faults).Kind);
        var fault = Assert.Single((await world.VerifyAsync(new ExpectedHead(null, 4))).Faults);
        Assert.Equal((ChainFaultKind.HeadMissing, "There is no report 4: the newest is 3."), (fault.Kind, fault.Detail));
        Assert.Empty((await world.VerifyAsync(new ExpectedHead(null, 3))).Faults);
    }

    [Fact]
    public async Task Verify_OlderHeadIsExpected_IsInTheChain()
    {
        using var world = await new ChainWorld().WithAsync(3);
        var head = ReportStatement.DigestOf(await world.ReadAsync(Name(2).Statement));

        Assert.Empty((await world.VerifyAsync(new ExpectedHead(head, 2))).Faults);
    }

    [Fact]
    public async Task Verify_KeyIsGone_EveryStatementIsUnknown()
    {
        using var world = await new ChainWorld().WithAsync(2);
        world.IsKeyKnown = false;

        var verdict = await world.VerifyAsync();

        Assert.Equal([ChainFaultKind.UnknownKey, ChainFaultKind.UnknownKey], verdict.Faults.Select(fault => fault.Kind));
        Assert.All(verdict.Faults, fault => Assert.True(fault.IsOfSignature));
        Assert.Contains("--public-key", verdict.Faults[0].Detail, StringComparison.Ordinal);
        Assert.Empty(verdict.Reports);
    }

    [Fact]
    public async Task Verify_NewestNotFinished_IsNoFault()
    {
        using var world = await new ChainWorld().WithAsync(2);
        world.Remove(Name(2).Statement);

        var verdict = await world.VerifyAsync();

        Assert.Empty(verdict.Faults);
        Assert.Equal([Name(2).Folder], verdict.Unfinished);
        Assert.Equal(Name(1), verdict.Head!.Name);
    }

    [Fact]
    public async Task Verify_FirstRunNeverGotAPlace_IsNotFinishedAndNoFault()
    {
        using var world = new ChainWorld();
        world.Forge(File(1, "report.json"), "{}");

        var verdict = await world.VerifyAsync();

        Assert.Empty(verdict.Faults);
        Assert.Equal([Name(1).Folder], verdict.Unfinished);
    }

    [Fact]
    public async Task VerifyOne_FileAltered_ReadsOnlyWhatIsSigned()
    {
        using var world = await new ChainWorld().WithAsync(1);
        world.Forge(File(1, "report.html"), "<p>All good.</p>");
        var verifier = new ReportVerifier(world.Archive, world);

        var report = await verifier.VerifyAsync(Name(1), ChainWorld.Stop);

        Assert.Equal(ReportFiles.All.Select(file => file.Name).Where(file => file != "report.html").Order(StringComparer.Ordinal), report!.Files.Keys.Order(StringComparer.Ordinal));
        Assert.Null(await verifier.VerifyAsync(Name(2), ChainWorld.Stop));
    }

    [Fact]
    public async Task Verify_RunThatNeverGotAPlace_IsNoFault()
    {
        using var world = await new ChainWorld().WithAsync(2);
        world.Forge(ReportName.Of(ChainWorld.Report(1) with { Time = ChainWorld.Report(1).Time.AddHours(1) }).File("report.json"), "{}");

        var verdict = await world.VerifyAsync();

        Assert.Empty(verdict.Faults);
        Assert.Equal("audits/production/20261126T070000Z", Assert.Single(verdict.Unfinished));
    }

    [Fact]
    public async Task Verify_ToldAndKeys_BelongThere()
    {
        using var world = await new ChainWorld().WithAsync(1);
        world.Forge(File(1, "told.json"), "{}");
        world.Forge(Folder + "keys/audit-key-1.pem", world.Pem);

        Assert.Empty((await world.VerifyAsync()).Faults);
    }

    [Theory]
    [InlineData(nameof(ChainFaultKind.BadSignature), true)]
    [InlineData(nameof(ChainFaultKind.UnknownKey), true)]
    [InlineData(nameof(ChainFaultKind.StatementUnreadable), true)]
    [InlineData(nameof(ChainFaultKind.FileAltered), false)]
    [InlineData(nameof(ChainFaultKind.PreviousMismatch), false)]
    public void IsOfSignature_Kind_TellsForgeryFromABrokenChain(string kind, bool expected) => Assert.Equal(expected, new ChainFault(Enum.Parse<ChainFaultKind>(kind), "x", "y").IsOfSignature);

    [Fact]
    public void HasInvalidSignature_OneOfSeveralFaults_IsEnough() =>
        Assert.True(new ChainVerdict([], [new ChainFault(ChainFaultKind.FileAltered, "x", "y"), new ChainFault(ChainFaultKind.BadSignature, "x", "y")], []).HasInvalidSignature);

    private static ReportName Name(int day) => ChainWorld.Name(day);

    private static string File(int day, string file) => Name(day).File(file);

    private static string Mark(int sequence) => ChainMark.Name("production", sequence);

    // audits/production/20261126T060000Z is day 1.
    private static string Short(string name)
    {
        var rest = name[Folder.Length..];
        for (var day = 0; day <= 4; day++)
        {
            rest = rest.Replace(Name(day).Id, $"{day}", StringComparison.Ordinal);
        }

        return rest;
    }

    private static Func<ChainWorld, Task> Sync(Action<ChainWorld> tamper) => world =>
    {
        tamper(world);
        return Task.CompletedTask;
    };

    private static void RemoveStatements(ChainWorld world, int first, int last, params string[] others)
    {
        foreach (var name in Enumerable.Range(first, last - first + 1).Select(day => Name(day).Statement).Concat(others))
        {
            world.Remove(name);
        }
    }

    private static void RemoveAll(ChainWorld world)
    {
        for (var day = 1; day <= 4; day++)
        {
            world.RemoveFolder(Name(day).Folder);
        }
    }

    private static void Remove(ChainWorld world, int day)
    {
        world.RemoveFolder(Name(day).Folder);
        world.Remove(Mark(day));
    }

    private static async Task AlterAsync(ChainWorld world, int day, Func<ReportStatement, ReportStatement> change)
    {
        var envelope = DsseEnvelope.Parse(await world.ReadAsync(Name(day).Statement));
        world.Forge(Name(day).Statement, (envelope with { Payload = change(ReportStatementReader.Read(envelope.Payload)).ToBytes() }).ToBytes());
    }

    private static async Task ResignAsync(ChainWorld world, int day, Func<ReportStatement, ReportStatement> change) =>
        world.Forge(Name(day).Statement, world.Sign(change(await world.StatementAsync(day))));

    private static string WithPrevious(int day, PreviousReport previous) => Encoding.UTF8.GetString(AuditReportJson.Write(ChainWorld.Report(day) with { Previous = previous }));

    private static Task ReplaceReportAsync(ChainWorld world, int day, string json)
    {
        world.Forge(File(day, "report.json"), json);
        return ResignAsync(world, day, statement => statement with
        {
            Subjects = [.. statement.Subjects.Select(subject => subject.Name == "report.json" ? subject with { Sha256 = ReportStatement.Sha256Of(Encoding.UTF8.GetBytes(json)) } : subject)],
        });
    }

    // A copy of the third report, a second later and signed, that claims its place.
    private static async Task ForkAsync(ChainWorld world)
    {
        var fork = ChainWorld.Report(3) with { Time = ChainWorld.Report(3).Time.AddSeconds(1) };
        var name = ReportName.Of(fork);
        var json = AuditReportJson.Write(fork);
        world.Forge(name.File("report.json"), json);
        world.Forge(name.Statement, world.Sign(await world.StatementAsync(3) with { Time = fork.Time, Subjects = [new StatementSubject("report.json", ReportStatement.Sha256Of(json))] }));
    }

    // The newest report is made older than the first one, and signed so.
    private static async Task BackdateAsync(ChainWorld world)
    {
        var before = await world.StatementAsync(4);
        Remove(world, 4);
        var report = ChainWorld.Report(0);
        var json = AuditReportJson.Write(report);
        world.Forge(Name(0).File("report.json"), json);
        world.Forge(Mark(4), ChainMark.Write(Name(0)));
        world.Forge(Name(0).Statement, world.Sign(before with { Time = report.Time, Subjects = [new StatementSubject("report.json", ReportStatement.Sha256Of(json))] }));
    }
}
