using BinAuthz.Alerting;
using BinAuthz.Denials;
using BinAuthz.GoogleCloud;
using Grpc.Core;

namespace BinAuthz.EndToEnd.Tests.Alerting;

public sealed class DenialAlerterTests
{
    private static readonly TimeSpan Minutes = TimeSpan.FromMinutes(2);
    private static readonly string[] Both = ["oncall", "team"];

    [Fact]
    public async Task AlertAsync_DeploymentRetriedSixtyTimesOnTwoInstances_OneAlertAndOneSummary()
    {
        await using var world = await AlertWorld.StartAsync();
        DenialAlerter[] instances = [world.Alerter, world.NewInstance()];

        await Task.WhenAll(Enumerable.Range(0, 60).Select(index => world.AlertAsync(world.Denial(), instances[index % 2])));
        var first = Assert.Single(await world.PublishedAsync()).Alert;
        await world.SweepAfterAsync(AlertWorld.Window);

        var summary = Assert.Single(await world.PublishedAsync()).Alert;
        Assert.Equal((AlertStage.First, 1), (first.Stage, first.Count));
        Assert.Equal((AlertStage.Summary, 60, first.Group), (summary.Stage, summary.Count, summary.Group));
        Assert.True(summary.From <= first.From && summary.Until >= first.Until);
        Assert.Equal([first.Id, summary.Id], world.Team.Taken.Select(alert => alert.Id));
        Assert.InRange(world.Diagnoses, 1, 2);
        await world.SweepAfterAsync(AlertWorld.Window);
        Assert.Empty(await world.PublishedAsync());
    }

    [Fact]
    public async Task AlertAsync_HappenedOnce_NoSummary()
    {
        await using var world = await AlertWorld.StartAsync();

        await world.AlertAsync(world.Denial());
        await world.SweepAfterAsync(AlertWorld.Window);

        Assert.Equal(AlertStage.First, Assert.Single(await world.PublishedAsync()).Alert.Stage);
    }

    [Fact]
    public async Task AlertAsync_EntriesDeliveredTwice_AreCountedOnce()
    {
        await using var world = await AlertWorld.StartAsync();
        Finding[] findings = [world.Denial(), world.Denial(), world.Denial()];

        foreach (var finding in findings.Concat(findings))
        {
            await world.AlertAsync(finding);
            await world.AlertAsync(finding, world.NewInstance());
        }

        await world.SweepAfterAsync(AlertWorld.Window);
        await world.AlertAsync(findings[0], world.NewInstance());
        Assert.Equal([1, 3], (await world.PublishedAsync()).Select(each => each.Alert.Count));
    }

    [Fact]
    public async Task AlertAsync_AnotherCause_IsToldAtOnceWithTheSummaryOfTheOldOne()
    {
        await using var world = await AlertWorld.StartAsync();
        await world.AlertAsync(world.Denial());
        await world.AlertAsync(world.Denial());
        await world.PublishedAsync();
        world.Cause = DiagnosisCause.KeyNoLongerTrusted;
        world.Clock.Advance(Minutes);

        await world.AlertAsync(world.Denial());
        var changed = await world.PublishedAsync();
        await world.SweepAfterAsync(AlertWorld.Window);

        Assert.Equal(
            [(AlertStage.First, DiagnosisCause.KeyNoLongerTrusted, 1), (AlertStage.Summary, DiagnosisCause.NotAttested, 2)],
            changed.Select(each => (each.Alert.Stage, each.Alert.Cause!.Value, each.Alert.Count)));
        Assert.Empty(await world.PublishedAsync());
    }

    [Fact]
    public async Task AlertAsync_OldCauseGoesOn_IsSummarisedOnceMore()
    {
        await using var world = await AlertWorld.StartAsync();
        var other = world.NewInstance();
        await world.AlertAsync(world.Denial());
        await world.AlertAsync(world.Denial());
        world.Cause = DiagnosisCause.AlwaysDeny;
        await world.AlertAsync(world.Denial(), other);
        await world.PublishedAsync();

        await world.AlertAsync(world.Denial());
        await world.SweepAfterAsync(AlertWorld.Window);

        var summary = Assert.Single(await world.PublishedAsync()).Alert;
        Assert.Equal((DiagnosisCause.NotAttested, 3), (summary.Cause!.Value, summary.Count));
    }

    [Fact]
    public async Task AlertAsync_EntryThatComesAfterTheSummary_IsCountedWhereItBelongs()
    {
        await using var world = await AlertWorld.StartAsync();
        await world.AlertAsync(world.Denial());
        await world.AlertAsync(world.Denial());
        var late = world.Denial();
        await world.SweepAfterAsync(AlertWorld.Window);
        await world.PublishedAsync();

        await world.AlertAsync(late, world.NewInstance());
        await world.SweepAfterAsync(AlertWorld.Window);

        Assert.Equal((AlertStage.Summary, 3), Assert.Single((await world.PublishedAsync()).Select(each => (each.Alert.Stage, each.Alert.Count))));
    }

    [Fact]
    public async Task AlertAsync_AfterTheWindow_IsToldAgain()
    {
        await using var world = await AlertWorld.StartAsync();
        await world.AlertAsync(world.Denial());
        world.Clock.Advance(AlertWorld.Window);

        await world.AlertAsync(world.Denial());

        var published = await world.PublishedAsync();
        Assert.Equal([AlertStage.First, AlertStage.First], published.Select(each => each.Alert.Stage));
        Assert.Equal(2, published.Select(each => each.Alert.Id).Distinct().Count());
    }

    [Fact]
    public async Task AlertAsync_OpenerStopped_AnotherEntryTakesOverWhenTheLeaseHasPassed()
    {
        await using var world = await AlertWorld.StartAsync();
        // The third call makes the claim.
        await Assert.ThrowsAsync<ProcessKilledException>(() => world.AlertAsync(world.Denial(), world.NewInstance(new KillSwitch(at: 3, afterIt: true))));

        await world.AlertAsync(world.Denial());
        Assert.Empty(await world.PublishedAsync());
        world.Clock.Advance(Minutes);
        await world.AlertAsync(world.Denial());
        await world.AlertAsync(world.Denial());

        Assert.Equal(AlertStage.First, Assert.Single(await world.PublishedAsync()).Alert.Stage);
    }

    [Fact]
    public async Task AlertAsync_TopicRefuses_IsLeftForRedelivery()
    {
        await using var world = await AlertWorld.StartAsync();
        var finding = world.Denial();
        world.Emulator.Faults.FailNext("Publish", StatusCode.PermissionDenied);

        await Assert.ThrowsAsync<GoogleCallException>(() => world.AlertAsync(finding));
        Assert.Empty(world.Team.Taken);
        await world.AlertAsync(finding);

        Assert.Single(await world.PublishedAsync());
        Assert.Single(world.Team.Taken);
    }

    [Fact]
    public async Task AlertAsync_ChannelFails_HoldsNobodyBackAndGetsItFromTheSweep()
    {
        await using var world = await AlertWorld.StartAsync();
        world.Oncall.FailNext(2);

        await world.AlertAsync(world.Denial());
        Assert.Equal((0, 1, 1), (world.Oncall.Taken.Count, world.Team.Taken.Count, (await world.PublishedAsync()).Count));
        await world.SweepAfterAsync(Minutes);
        await world.SweepAfterAsync(Minutes);
        await world.SweepAfterAsync(Minutes);

        Assert.Equal((1, 3, 1), (world.Oncall.Taken.Count, world.Oncall.Attempts, world.Team.Taken.Count));
        Assert.Empty(await world.PublishedAsync());
    }

    [Fact]
    public async Task SweepAsync_ChannelThatFailsForADay_IsGivenUp()
    {
        await using var world = await AlertWorld.StartAsync();
        world.Oncall.FailNext(int.MaxValue);
        await world.AlertAsync(world.Denial());

        await world.SweepAfterAsync(TimeSpan.FromHours(25));
        await world.SweepAfterAsync(Minutes);

        Assert.Equal(2, world.Oncall.Attempts);
        Assert.Single(world.Team.Taken);
    }

    [Fact]
    public async Task AlertAsync_Flood_LosesNothingAndBecomesADigest()
    {
        const int distinct = 40;
        const int each = 10;
        const int burst = 5;
        await using var world = await AlertWorld.StartAsync(burst);
        Finding[] findings = [.. Enumerable.Range(0, distinct * each).Select(index => world.Denial($"app/flood-{index % distinct}"))];

        await Parallel.ForEachAsync(findings, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (finding, _) => await world.AlertAsync(finding));
        var firsts = await world.PublishedAsync();
        Assert.Equal(burst, world.Team.Taken.Count);
        await world.SweepAfterAsync(AlertWorld.Window);
        await world.SweepAfterAsync(AlertWorld.Window);

        var later = (await world.PublishedAsync()).Select(published => published.Alert).ToArray();
        var (summaries, digests) = (later.Where(alert => alert.Stage == AlertStage.Summary).ToArray(), later.Where(alert => alert.Stage == AlertStage.Digest).ToArray());
        Assert.Equal(distinct, firsts.Select(published => published.Alert.Group).Distinct().Count());
        Assert.All(firsts, published => Assert.Equal(AlertStage.First, published.Alert.Stage));
        Assert.Equal(distinct * each, summaries.Sum(alert => alert.Count));
        Assert.Equal(distinct, summaries.Select(alert => alert.Group).Distinct().Count());
        Assert.Equal([(distinct - burst) * each, (distinct - burst) * each], digests.Select(alert => alert.Count));
        Assert.All(digests, digest => Assert.Equal(distinct - burst, digest.Items.Count));
        Assert.Equal(burst + burst + 2, world.Team.Taken.Count);
        Assert.All(world.Team.Taken.GroupBy(alert => (alert.Group, alert.Stage)), same => Assert.Single(same));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AlertAsync_KilledAtAnyCallAndRedelivered_LosesNothingAndRepeatsAtMostOneMessage(bool afterIt)
    {
        await using var world = await AlertWorld.StartAsync(burst: 1000);
        for (var call = 1; ; call++)
        {
            // In a piece of time of its own, or else each round would find more places taken and make more calls.
            world.Clock.Advance(AlertWorld.Window);
            var kill = new KillSwitch(call, afterIt);
            var finding = world.Denial($"app/killed-{call}");
            await KilledAsync(() => world.AlertAsync(finding, world.NewInstance(kill)));
            await world.AlertAsync(finding, world.NewInstance());

            Assert.InRange(ToldOnce(await world.PublishedAsync(), AlertStage.First), 1, 2);
            Assert.All(Both, channel => Assert.InRange(Took(world, channel, finding), 1, 2));
            if (!kill.HasStruck)
            {
                Assert.True(call > 8, $"Only {call} calls were made.");
                return;
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SweepAsync_KilledAtAnyCall_TheNextOneFinishes(bool afterIt)
    {
        await using var world = await AlertWorld.StartAsync(burst: 1000);
        for (var call = 1; ; call++)
        {
            await world.AlertAsync(world.Denial($"app/swept-{call}"));
            await world.AlertAsync(world.Denial($"app/swept-{call}"));
            Assert.Single(await world.PublishedAsync());
            world.Clock.Advance(AlertWorld.Window);
            var kill = new KillSwitch(call, afterIt);
            await KilledAsync(() => world.NewInstance(kill).SweepAsync(TestContext.Current.CancellationToken));
            await world.SweepAfterAsync(Minutes);

            Assert.InRange(ToldOnce(await world.PublishedAsync(), AlertStage.Summary), 1, 2);
            if (!kill.HasStruck)
            {
                Assert.True(call > 8, $"Only {call} calls were made.");
                return;
            }
        }
    }

    private static async Task KilledAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (ProcessKilledException)
        {
            // What the test is about.
        }
    }

    private static int ToldOnce(IReadOnlyList<(Alert Alert, Google.Cloud.PubSub.V1.PubsubMessage Message)> published, AlertStage stage)
    {
        Assert.Single(published.Select(each => (each.Alert.Id, each.Alert.Stage)).Distinct(), each => each.Stage == stage);
        return published.Count;
    }

    private static int Took(AlertWorld world, string channel, Finding finding) =>
        (channel == "oncall" ? world.Oncall : world.Team).Taken.Count(alert => alert.Facts.Any(fact => fact.Value == finding.Image));
}
