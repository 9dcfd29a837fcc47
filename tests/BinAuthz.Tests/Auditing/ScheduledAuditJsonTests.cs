using System.Text.Json.Nodes;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;
using BinAuthz.Auditing.Telling;
using BinAuthz.Tests.Auditing.Reports;

namespace BinAuthz.Tests.Auditing;

public sealed class ScheduledAuditJsonTests
{
    private static readonly PreviousReport Link = new("audits/production/20261126T060000Z/report.json", "sha256:ab", 7);
    private static readonly ScheduledOutcome.Reported Reported = new(new PreviousAudit(Link, ReportSamples.Full), FindingChanges.Of(null, ReportSamples.Full), 3);

    [Fact]
    public void Of_Report_TellsItsVerdictAndCounts()
    {
        var told = ScheduledAuditJson.Of(Reported);

        Assert.Equal("reported", (string?)told["outcome"]);
        Assert.Equal(("audits/production/20261126T060000Z", "sha256:ab", 7L, 3), ((string?)told["report"], (string?)told["digest"], (long)told["sequence"]!, (int)told["sentBack"]!));
        Assert.Equal((Reported.Changes.New.Count, 0), ((int)told["new"]!, (int)told["resolved"]!));
        Assert.Equal(Enum.GetValues<AuditSeverity>().Sum(severity => ReportSamples.Full.Findings.Count(finding => finding.Severity == severity)), told["findings"]!.AsObject().Sum(count => (int)count.Value!));
        Assert.All(Enum.GetValues<AuditSeverity>(), severity => Assert.Equal(ReportSamples.Full.Findings.Count(finding => finding.Severity == severity), (int)told["findings"]![ReportWords.Of(severity)]!));
        Assert.Equal(ReportSamples.Full.Rules.Where(rule => rule.Status == RuleStatus.NotAssessed).Select(rule => rule.Id), told["notAssessed"]!.AsArray().Select(id => (string)id!));
    }

    [Fact]
    public void Of_OtherOutcomes_AreNamed()
    {
        Assert.Equal("already_told", (string?)ScheduledAuditJson.Of(Reported with { WasTold = true })["outcome"]);
        Assert.Equal("""{"outcome":"in_parts","asked":4}""", ScheduledAuditJson.Of(new ScheduledOutcome.InParts(4)).ToJsonString());
        Assert.Equal("""{"outcome":"too_late"}""", ScheduledAuditJson.Of(new ScheduledOutcome.TooLate()).ToJsonString());
    }

    [Fact]
    public void Told_Report_NamesWhatItWasComparedWith()
    {
        var told = JsonNode.Parse(ScheduledAuditJson.Told(Reported, Link with { Digest = "sha256:cd" }, CleanFacts.Now))!;

        Assert.Equal(("sha256:ab", "sha256:cd", "2026-11-01T06:00:00.000Z"), ((string?)told["statement"], (string?)told["against"], (string?)told["time"]));
        Assert.Equal((1, Reported.Changes.New.Count, 0, 3), ((int)told["version"]!, (int)told["new"]!, (int)told["resolved"]!, (int)told["sentBack"]!));
        Assert.Null(JsonNode.Parse(ScheduledAuditJson.Told(Reported, null, CleanFacts.Now))!["against"]);
    }
}
