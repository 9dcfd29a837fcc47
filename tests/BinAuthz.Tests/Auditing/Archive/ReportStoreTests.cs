using System.Text;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Archive;
using BinAuthz.Auditing.Reports;

namespace BinAuthz.Tests.Auditing.Archive;

public sealed class ReportStoreTests
{
    private static CancellationToken Stop => ChainWorld.Stop;

    [Fact]
    public async Task StoreAsync_FirstReport_WritesEveryFileAndTheStatementLast()
    {
        using var world = new ChainWorld();
        var archive = new RecordedArchive(world.Archive);

        var stored = await world.StoreIn(archive).StoreAsync(ChainWorld.Report(1), Stop);

        var name = ChainWorld.Name(1);
        Assert.Equal([name.File("report.json"), ChainMark.Name("production", 1), .. ReportFiles.All.Skip(1).Select(file => name.File(file.Name)), name.Statement], archive.Created);
        Assert.Equal(new PreviousReport(name.Statement, ReportStatement.DigestOf(await world.ReadAsync(name.Statement)), 1), stored!.Link);
        Assert.Equal("audits/production/20261126T060000Z/statement.dsse.json\n", Encoding.UTF8.GetString(await world.ReadAsync("audits/production/chain/00000001")));
        var statement = await world.StatementAsync(1);
        Assert.Equal(("production", "acme-prod", 1L, null), (statement.Environment, statement.Project, statement.Sequence, statement.Previous));
        Assert.Equal(ReportFiles.All.Select(file => file.Name).Order(StringComparer.Ordinal), statement.Subjects.Select(subject => subject.Name));
    }

    [Fact]
    public async Task StoreAsync_NextReport_NamesTheOneBefore()
    {
        using var world = await new ChainWorld().WithAsync(1);
        var first = await world.Store.FindLatestAsync("production", Stop);

        var second = await world.Store.StoreAsync(ChainWorld.Report(2), Stop);

        Assert.Equal(first!.Link, (await world.StatementAsync(2)).Previous);
        Assert.Equal(2, second!.Link.Sequence);
    }

    [Fact]
    public async Task StoreAsync_SameTimeAgain_IsTheFirstOne()
    {
        using var world = new ChainWorld();
        var first = await world.Store.StoreAsync(ChainWorld.Report(1), Stop);

        var again = await world.Store.StoreAsync(ChainWorld.Report(1) with { Findings = Reports.ReportSamples.Full.Findings }, Stop);

        Assert.Equal(first!.Link, again!.Link);
        Assert.Empty(again.Report.Findings);
        Assert.Empty((await world.VerifyAsync()).Faults);
    }

    [Fact]
    public async Task StoreAsync_StoppedAnywhere_GoesOnWhenRepeated()
    {
        for (var calls = 0; ; calls++)
        {
            using var world = await new ChainWorld().WithAsync(1);
            var archive = new StoppingArchive(world.Archive, calls);
            var isStopped = await StopsAsync(world, archive);

            // What is there already counts, whatever the second run would say.
            var stored = await world.Store.StoreAsync(ChainWorld.Report(2) with { Policy = "second" }, Stop);
            var verdict = await world.VerifyAsync();

            Assert.Equal(ChainWorld.Name(2).Statement, stored!.Link.Name);
            Assert.Empty(verdict.Faults);
            Assert.Empty(verdict.Unfinished);
            Assert.Equal([1L, 2L], verdict.Reports.Select(report => report.Statement.Sequence));
            if (!isStopped)
            {
                Assert.Equal(ReportFiles.All.Count + 2, calls);
                return;
            }
        }
    }

    [Fact]
    public async Task StoreAsync_StoppedAnywhere_IsFinishedByTheNextOne()
    {
        for (var calls = 0; ; calls++)
        {
            using var world = await new ChainWorld().WithAsync(1);
            var isStopped = await StopsAsync(world, new StoppingArchive(world.Archive, calls));

            await world.Store.StoreAsync(ChainWorld.Report(3), Stop);
            var verdict = await world.VerifyAsync();

            Assert.Empty(verdict.Faults);
            Assert.Equal(ChainWorld.Name(3), verdict.Head!.Name);
            Assert.Equal(verdict.Reports.Count, verdict.Head.Statement.Sequence);
            // Before it had a place, it was no report; with a place it is one.
            Assert.Equal(verdict.Reports.Count == 2 && await world.Archive.FindAsync(ChainWorld.Name(2).File("report.json"), Stop) is not null, verdict.Unfinished.Count == 1);
            if (!isStopped)
            {
                Assert.Equal(3, verdict.Reports.Count);
                return;
            }
        }
    }

    [Fact]
    public async Task StoreAsync_FirstOneStoppedAfterItsPlace_IsFinishedByTheNextOne()
    {
        using var world = new ChainWorld();
        await Assert.ThrowsAsync<OperationCanceledException>(() => world.StoreIn(new StoppingArchive(world.Archive, 2)).StoreAsync(ChainWorld.Report(1), Stop));

        var stored = await world.Store.StoreAsync(ChainWorld.Report(2), Stop);

        Assert.Equal(2, stored!.Link.Sequence);
        Assert.Empty((await world.VerifyAsync()).Faults);
    }

    [Fact]
    public async Task StoreAsync_TwoAtATime_EndInOneChain()
    {
        for (var calls = 0; calls < 12; calls++)
        {
            using var world = await new ChainWorld().WithAsync(1);
            var other = world.StoreIn(world.Archive);
            var archive = new InterruptedArchive(world.Archive, calls, () => other.StoreAsync(ChainWorld.Report(3), Stop));

            var early = await world.StoreIn(archive).StoreAsync(ChainWorld.Report(2), Stop);
            var late = await world.Store.FindAsync(ChainWorld.Name(3), Stop);
            var verdict = await world.VerifyAsync();

            // The earlier one has a place only where it took it before the later one did.
            Assert.Empty(verdict.Faults);
            Assert.Equal(archive.WasInterrupted && early is not null ? 3 : 2, verdict.Reports.Count);
            Assert.Equal(archive.WasInterrupted, late is not null);
        }
    }

    [Fact]
    public async Task StoreAsync_SameTimeTwiceAtATime_IsOneReport()
    {
        for (var calls = 0; calls < 12; calls++)
        {
            using var world = await new ChainWorld().WithAsync(1);
            PreviousAudit? other = null;
            var archive = new InterruptedArchive(world.Archive, calls, async () => other = await world.Store.StoreAsync(ChainWorld.Report(2) with { Policy = "other" }, Stop));

            var stored = await world.StoreIn(archive).StoreAsync(ChainWorld.Report(2), Stop);

            Assert.True(other is null || other.Link == stored!.Link);
            Assert.True(other is null || other.Report.Policy == stored!.Report.Policy);
            Assert.Empty((await world.VerifyAsync()).Faults);
        }
    }

    [Fact]
    public async Task StoreAsync_LaterReportIsThere_LeavesNothing()
    {
        using var world = await new ChainWorld().WithAsync(3);
        var late = ChainWorld.Report(2) with { Time = ChainWorld.Report(2).Time.AddHours(1) };

        Assert.Null(await world.Store.StoreAsync(late, Stop));

        Assert.Empty(await world.Archive.ListAsync(ReportName.Of(late).Folder, Stop));
    }

    [Fact]
    public async Task StoreAsync_AnswerIsLost_KeepsItsPlace()
    {
        using var world = await new ChainWorld().WithAsync(1);

        var stored = await world.StoreIn(new LosingArchive(world.Archive)).StoreAsync(ChainWorld.Report(2), Stop);

        Assert.Equal(2, stored!.Link.Sequence);
        Assert.Empty((await world.VerifyAsync()).Faults);
    }

    [Fact]
    public async Task StoreAsync_FileWasPlanted_SignsWhatTheReportGives()
    {
        using var world = new ChainWorld();
        world.Forge(ChainWorld.Name(1).File("report.html"), "<p>All good.</p>");

        await world.Store.StoreAsync(ChainWorld.Report(1), Stop);

        Assert.Equal(ChainFaultKind.FileAltered, Assert.Single((await world.VerifyAsync()).Faults).Kind);
    }

    public static TheoryData<string> Damages => [.. Broken.Keys];

    private static readonly Dictionary<string, Action<ChainWorld>> Broken = new()
    {
        ["statement"] = world => world.Forge(ChainWorld.Name(2).Statement, "{}"),
        ["key"] = world => world.IsKeyKnown = false,
        ["mark names nothing"] = world => world.Forge(ChainMark.Name("production", 2), "x"),
        ["mark names another environment"] = world => world.Forge(ChainMark.Name("production", 2), "audits/staging/20261126T060000Z/statement.dsse.json"),
        ["mark of another place"] = world => world.Forge(ChainMark.Name("production", 3), ChainMark.Write(ChainWorld.Name(1))),
        ["report of the place is gone"] = world => world.RemoveFolder(ChainWorld.Name(2).Folder),
        ["statements are gone"] = world =>
        {
            world.Remove(ChainWorld.Name(1).Statement);
            world.Remove(ChainWorld.Name(2).Statement);
        },
        ["mark before is gone"] = world =>
        {
            world.Remove(ChainWorld.Name(2).Statement);
            world.Remove(ChainMark.Name("production", 1));
        },
        ["unfinished report is none"] = world =>
        {
            world.Remove(ChainWorld.Name(2).Statement);
            world.Forge(ChainWorld.Name(2).File("report.json"), "{}");
        },
        ["unfinished report is of another time"] = world =>
        {
            world.Remove(ChainWorld.Name(2).Statement);
            world.Forge(ChainWorld.Name(2).File("report.json"), AuditReportJson.Write(ChainWorld.Report(1)));
        },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task StoreAsync_ChainIsNotWhole_AddsNothing(string damage)
    {
        using var world = await new ChainWorld().WithAsync(2);
        Broken[damage](world);

        var error = await Assert.ThrowsAsync<AuditException>(() => world.Store.StoreAsync(ChainWorld.Report(4), Stop));

        Assert.Contains("verify-chain", error.Message, StringComparison.Ordinal);
        Assert.Contains(world.Archive.Place, error.Message, StringComparison.Ordinal);
        Assert.Empty(await world.Archive.ListAsync(ChainWorld.Name(4).Folder, Stop));
    }

    [Theory]
    [InlineData("altered", "report.json: It is not what the statement signs.")]
    [InlineData("missing", "report.json: It is not there any more.")]
    public async Task FindAsync_ReportIsNotWhatIsSigned_IsNotRead(string damage, string said)
    {
        using var world = await new ChainWorld().WithAsync(1);
        if (damage == "altered")
        {
            world.Forge(ChainWorld.Name(1).File("report.json"), AuditReportJson.Write(ChainWorld.Report(1) with { Policy = "other" }));
        }
        else
        {
            world.Remove(ChainWorld.Name(1).File("report.json"));
        }

        var error = await Assert.ThrowsAsync<AuditException>(() => world.Store.FindAsync(ChainWorld.Name(1), Stop));

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindLatestAsync_NewestIsNotFinished_IsTheOneBefore()
    {
        using var world = await new ChainWorld().WithAsync(2);
        world.Remove(ChainWorld.Name(2).Statement);

        Assert.Equal(1, (await world.Store.FindLatestAsync("production", Stop))!.Link.Sequence);
        Assert.Null(await world.Store.FindLatestAsync("staging", Stop));
    }

    [Fact]
    public async Task StoreAsync_FractionsOfASecond_AreRefused()
    {
        using var world = new ChainWorld();

        await Assert.ThrowsAsync<ArgumentException>(() => world.Store.StoreAsync(ChainWorld.Report(1) with { Time = ChainWorld.Report(1).Time.AddMilliseconds(1) }, Stop));
    }

    private static async Task<bool> StopsAsync(ChainWorld world, IReportArchive archive)
    {
        try
        {
            await world.StoreIn(archive).StoreAsync(ChainWorld.Report(2), Stop);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private abstract class Around(IReportArchive inner) : IReportArchive
    {
        public string Place => inner.Place;

        public virtual Task<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken) => inner.CreateAsync(name, content, contentType, cancellationToken);

        public Task<byte[]?> FindAsync(string name, CancellationToken cancellationToken) => inner.FindAsync(name, cancellationToken);

        public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);
    }

    private sealed class RecordedArchive(IReportArchive inner) : Around(inner)
    {
        public List<string> Created { get; } = [];

        public override Task<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken)
        {
            Created.Add(name);
            return base.CreateAsync(name, content, contentType, cancellationToken);
        }
    }

    // The process ends before its n-th write.
    private sealed class StoppingArchive(IReportArchive inner, int calls) : Around(inner)
    {
        private int left = calls;

        public override Task<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken) =>
            left-- == 0 ? throw new OperationCanceledException() : base.CreateAsync(name, content, contentType, cancellationToken);
    }

    // Before the n-th write, another run does all of its own.
    private sealed class InterruptedArchive(IReportArchive inner, int calls, Func<Task> interrupt) : Around(inner)
    {
        private int left = calls;

        public bool WasInterrupted => left < 0;

        public override async Task<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken)
        {
            if (left-- == 0)
            {
                await interrupt();
            }

            return await base.CreateAsync(name, content, contentType, cancellationToken);
        }
    }

    // Every write is done, and repeated because its answer was lost.
    private sealed class LosingArchive(IReportArchive inner) : Around(inner)
    {
        public override async Task<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken)
        {
            await base.CreateAsync(name, content, contentType, cancellationToken);
            return await base.CreateAsync(name, content, contentType, cancellationToken);
        }
    }
}
