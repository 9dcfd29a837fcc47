using BinAuthz.Auditing;
using BinAuthz.Auditing.Archive;
using BinAuthz.Auditing.Reports;
using BinAuthz.Auditing.Scanning;
using BinAuthz.Denials;
using BinAuthz.EndToEnd.Tests.Rotation;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.Functions.Events;
using BinAuthz.GoogleCloud;
using Grpc.Core;

namespace BinAuthz.EndToEnd.Tests.Auditing;

/// <summary>The audit as it runs on the schedule: what it keeps, tells and sends back, whenever it is stopped and asked for again.</summary>
public sealed class ScheduledAuditTests
{
    private static readonly DateTimeOffset Due = new DateTimeOffset(TimeProvider.System.GetUtcNow().Date, TimeSpan.Zero) + TimeSpan.FromMilliseconds(250);

    // Of all calls every so many: two offsets and both sides of a call find what each of them would.
    private const int Step = 17;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_AskedForAgain_KeepsAndTellsOneReport()
    {
        await using var world = await ScheduledAuditWorld.StartAsync();

        var first = await ReportAsync(world, Due);
        var told = await world.ToldAsync();
        var again = await ReportAsync(world, Due.AddMilliseconds(500));

        Assert.Equal((1, false), (first.Stored.Link.Sequence, first.WasTold));
        Assert.Equal((first.Stored.Link, true), (again.Stored.Link, again.WasTold));
        Assert.Equal(first.Stored.Report.Findings.Count + 1, told.Count);
        Assert.Equal(first.Stored.Link.Digest, (string?)told[^1]["digest"]);
        Assert.Empty(await world.ToldAsync());
        Assert.Single(await world.ReportsAsync());
    }

    [Fact]
    public async Task RunAsync_NextDay_TellsOnlyWhatChangedAndChainsTheReports()
    {
        await using var world = await ScheduledAuditWorld.StartAsync();
        var first = await ReportAsync(world, Due - TimeSpan.FromDays(1));
        await world.ToldAsync();
        await PlantAsync(world);

        var second = await ReportAsync(world, Due);

        Assert.Equal((2, first.Stored.Link), (second.Stored.Link.Sequence, second.Stored.Report.Previous));
        Assert.Equal(second.Changes.New.Count + second.Changes.Resolved.Count + 1, (await world.ToldAsync()).Count);
        Assert.NotEmpty(second.Changes.New);
        Assert.DoesNotContain(second.Changes.New, finding => first.Stored.Report.Findings.Any(before => before.Fingerprint == finding.Fingerprint));
        Assert.IsType<ScheduledOutcome.TooLate>(await world.NewInstance().RunAsync(Due - TimeSpan.FromHours(1), Stop));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_KilledAtAnyCallAndAskedForAgain_EndsInOneReportThatIsTold(bool afterIt)
    {
        await using var world = await ScheduledAuditWorld.StartAsync();
        var killed = true;
        for (var (run, call) = (1, afterIt ? 1 : 9); killed; run++, call += Step)
        {
            var (end, day) = (new ProcessEnd(call, afterIt), Due - TimeSpan.FromDays(200 - run));
            killed = await SurviveAsync(() => world.NewInstance(end).RunAsync(day, Stop), end);
            var result = await ReportAsync(world, day);

            Assert.Equal(run, result.Stored.Link.Sequence);
            Assert.Contains(await world.ToldAsync(), message => (string?)message["id"] == result.Stored.Link.Folder && (string?)message["digest"] == result.Stored.Link.Digest);
            Assert.True((await ReportAsync(world, day)).WasTold);
            Assert.Equal(run, (await world.ReportsAsync()).Count);
        }
    }

    [Fact]
    public async Task RunAsync_LoggingRefuses_IsNotToldYetAndTellsWhenItIsAskedAgain()
    {
        await using var world = await ScheduledAuditWorld.StartAsync();
        // Nobody was told to: a rule that finds something worse than a note.
        await PlantAsync(world);
        world.Signing.Emulator.Faults.FailNext("WriteLogEntries", StatusCode.PermissionDenied);

        await Assert.ThrowsAsync<GoogleCallException>(() => world.NewInstance().RunAsync(Due, Stop));
        var first = (await world.ToldAsync()).Select(message => (string?)message["id"]);
        var result = await ReportAsync(world, Due);

        Assert.Equal(first, (await world.ToldAsync()).Select(message => (string?)message["id"]));
        var (entries, _, _) = await world.Get<LoggingClient>().ListEntriesAsync(SigningWorld.Project, LogFilters.All.Single(filter => filter.Id == "audit-finding").Filter, DateTimeOffset.UnixEpoch, Stop);
        var alerted = entries.Select(entry => Assert.Single(LogEntryReader.Read(entry).Findings).Audit!).ToArray();
        var severe = result.Changes.New.Where(finding => finding.Severity != AuditSeverity.Note).Take(50).Select(finding => finding.Fingerprint);
        Assert.Equal(severe.Order(), alerted.Select(finding => finding.Fingerprint).Order());
    }

    [Fact]
    public async Task RunAsync_ReportThatNobodyTold_IsToldByTheNext()
    {
        await using var world = await ScheduledAuditWorld.StartAsync();
        var first = await ReportAsync(world, Due - TimeSpan.FromDays(2));
        await PlantAsync(world);
        // A person audits, of which nobody is told.
        var report = await world.Get<AttestationAuditor>().AuditAsync(world.Get<AuditRequests>().At(Due - TimeSpan.FromDays(1)), first.Stored, Stop);
        var untold = await world.Get<ReportStore>().StoreAsync(report, Stop);

        var next = await ReportAsync(world, Due);

        Assert.Equal(untold!.Link, next.Stored.Report.Previous);
        var found = untold.Report.Findings.Select(finding => finding.Fingerprint).Except(first.Stored.Report.Findings.Select(finding => finding.Fingerprint)).ToArray();
        Assert.NotEmpty(found);
        Assert.Subset(next.Changes.New.Select(finding => finding.Fingerprint).ToHashSet(), found.ToHashSet());
    }

    [Fact]
    public async Task RunAsync_PartsThatSomebodyPlanted_AreNotUsed()
    {
        await using var world = await ScheduledAuditWorld.StartAsync();
        var scheduled = world.NewInstance();
        var request = world.Get<AuditRequests>().At(Due);
        await world.Get<IReportArchive>().CreateAsync(ShardFolder.Snapshot(request), "{}"u8.ToArray(), "application/json", Stop);

        var error = await Assert.ThrowsAsync<AuditException>(() => scheduled.RunAsync(Due, Stop));

        Assert.Contains("have kept in gs://acme-prod-binauthz-evidence cannot be used", error.Message, StringComparison.Ordinal);
        Assert.Empty(await world.ReportsAsync());
    }

    [Fact]
    public async Task RunAsync_LargerThanAPart_EndsInTheSameReportWhateverIsDeliveredHowOften()
    {
        await using var world = await ScheduledAuditWorld.StartAsync();
        await world.PlantAsync(0, 120);
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System, Stop);
        await world.PlantAsync(120, 1);
        var due = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(2);

        var outcomes = new List<ScheduledOutcome> { await world.NewInstance(shardSize: 50).RunAsync(due, Stop) };
        while (await world.PartsAsync() is { Count: > 0 } parts)
        {
            // Each twice and the last one first; what was cut is cut again by the second, in the same two parts.
            var distinct = parts.DistinctBy(Convert.ToBase64String).ToArray();
            foreach (var part in distinct.Concat(distinct).Reverse())
            {
                outcomes.Add(await world.NewInstance(shardSize: 50).RunAsync(AuditBody.Read(part)!, Stop));
            }
        }

        Assert.IsType<ScheduledOutcome.InParts>(outcomes[0]);
        var reported = outcomes.OfType<ScheduledOutcome.Reported>().ToArray();
        Assert.Single(reported, each => !each.WasTold);
        Assert.Single(await world.ReportsAsync());
        var alone = await world.Get<AttestationAuditor>().AuditAsync(world.Get<AuditRequests>().At(due), null, Stop);
        Assert.Equal(AuditReportJson.Write(alone), AuditReportJson.Write(reported[0].Stored.Report));
        Assert.Equal(121, reported[0].Stored.Report.Attestors.Sum(attestor => attestor.Attestations));
    }

    private static async Task<ScheduledOutcome.Reported> ReportAsync(ScheduledAuditWorld world, DateTimeOffset due) =>
        Assert.IsType<ScheduledOutcome.Reported>(await world.NewInstance().RunAsync(due, Stop));

    private static async Task<bool> SurviveAsync(Func<Task> act, ProcessEnd end)
    {
        try
        {
            await act();
        }
        catch (Exception) when (end.HasStruck)
        {
            // The process is no more.
        }

        return end.HasStruck;
    }

    // The attestor is gone, which is found whatever else is.
    private static async Task PlantAsync(ScheduledAuditWorld world)
    {
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(world.Signing.Emulator.GrpcEndpoint);
        var management = new Google.Cloud.BinaryAuthorization.V1.BinauthzManagementServiceV1.BinauthzManagementServiceV1Client(channel);
        await management.DeleteAttestorAsync(new Google.Cloud.BinaryAuthorization.V1.DeleteAttestorRequest { Name = world.Signing.Attestor.ToString() }, cancellationToken: Stop);
    }
}
