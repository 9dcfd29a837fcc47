using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;

namespace BinAuthz.Tests.Auditing.Reports;

public sealed class ReportDiffTests
{
    private static readonly AuditFinding One = new("BA104", AuditSeverity.High, "projects/p/occurrences/1", "detail", "mend it");
    private static readonly AuditFinding Two = One with { Resource = "projects/p/occurrences/2" };

    [Fact]
    public void Of_NewAndResolved_AreTold()
    {
        var diff = ReportDiff.Of(Report(RuleStatus.Failed, One), Report(RuleStatus.Failed, Two));

        Assert.Equal([Two], diff.New);
        Assert.Equal([One], diff.Resolved);
        Assert.Empty(diff.Changed);
        Assert.Empty(diff.Unknown);
        Assert.Equal(0, diff.Unchanged);
    }

    [Fact]
    public void Of_SameFinding_IsUnchangedOrChanged()
    {
        var worse = One with { Severity = AuditSeverity.Critical };
        var described = Two with { Detail = "another" };
        var mended = Two with { Remedy = "another remedy" };

        var diff = ReportDiff.Of(Report(RuleStatus.Failed, One, Two), Report(RuleStatus.Failed, worse, described));
        var same = ReportDiff.Of(Report(RuleStatus.Failed, One, Two), Report(RuleStatus.Failed, One, mended));

        Assert.Equal([new ChangedFinding(One, worse), new ChangedFinding(Two, described)], diff.Changed);
        Assert.Equal((0, 2), (diff.Unchanged, same.Unchanged));
        Assert.Empty(diff.New.Concat(diff.Resolved).Concat(same.New).Concat(same.Resolved));
        Assert.Empty(same.Changed);
    }

    [Fact]
    public void Of_RuleWasNotAssessed_DoesNotResolve()
    {
        var diff = ReportDiff.Of(Report(RuleStatus.Failed, One, Two), Report(RuleStatus.NotAssessed, Two));

        Assert.Equal([One], diff.Unknown);
        Assert.Empty(diff.Resolved);
        Assert.Equal(1, diff.Unchanged);
    }

    [Fact]
    public void Of_NoReportBefore_EverythingIsNew()
    {
        var diff = ReportDiff.Of(null, Report(RuleStatus.Failed, One, Two));

        Assert.Equal([One, Two], diff.New);
        Assert.Empty(diff.Resolved.Concat(diff.Unknown));
    }

    private static AuditReport Report(RuleStatus status, params AuditFinding[] findings) => ReportSamples.Empty with
    {
        Rules = [new ReportedRule("BA104", "title", AuditSeverity.High, status, findings.Length, "")],
        Findings = findings,
    };
}
