using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;

namespace BinAuthz.EndToEnd.Tests.Auditing;

/// <summary>What an audit says of an environment with which nothing is wrong.</summary>
public sealed class CleanEnvironmentTests
{
    [Fact]
    public async Task Audit_CleanEnvironment_FindsNothingWorseThanANote()
    {
        await using var world = await AuditWorld.StartAsync();

        var report = await world.ReportAsync(later: TimeSpan.FromHours(2));

        Assert.All(report.Rules, rule => Assert.True(rule.Status != RuleStatus.NotAssessed, $"{rule.Id}: {rule.Reason}"));
        Assert.All(report.Findings, finding => Assert.True(finding.Severity == AuditSeverity.Note, $"{finding.Rule} {finding.Resource}: {finding.Detail}"));
    }

    [Fact]
    public async Task Audit_InParts_TellsWhatAnAuditInOneTells()
    {
        await using var world = await AuditWorld.StartAsync();
        await world.AttestAsync(AuditWorld.NewImage());
        var (request, sharded, stop) = (world.Request(TimeSpan.FromHours(2), options => options.ShardSize = 2), world.Get<ShardedScan>(), TestContext.Current.CancellationToken);
        var waiting = new Queue<AuditShard>(await sharded.PlanAsync(request, stop));
        Assert.Null(await sharded.MergeAsync(request, stop));
        while (waiting.TryDequeue(out var shard))
        {
            foreach (var half in await sharded.RunAsync(request, shard, stop))
            {
                waiting.Enqueue(half);
            }
        }

        // Messages are delivered more than once.
        Assert.Equal(2, (await sharded.RunAsync(request, Assert.Single(await sharded.PlanAsync(request, stop)), stop)).Count);
        var inParts = await world.Auditor.AuditAsync(request with { Parts = await sharded.MergeAsync(request, stop) }, null, stop);
        var inOne = await world.Auditor.AuditAsync(request, null, stop);

        Assert.Equal(5, inParts.Attestors[0].Attestations);
        Assert.Single(AuditWorld.Findings(inParts, "BA106"));
        Assert.Equal(inOne.Findings.Select(finding => (finding.Rule, finding.Resource, finding.Detail)), inParts.Findings.Select(finding => (finding.Rule, finding.Resource, finding.Detail)));
        Assert.Equal((inOne.Coverage, inOne.Attestors[0].Valid), (inParts.Coverage, inParts.Attestors[0].Valid));
        Assert.Equal(inOne.Rules.Select(rule => (rule.Id, rule.Status, rule.Count)), inParts.Rules.Select(rule => (rule.Id, rule.Status, rule.Count)));
    }
}
