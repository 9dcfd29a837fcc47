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
}
