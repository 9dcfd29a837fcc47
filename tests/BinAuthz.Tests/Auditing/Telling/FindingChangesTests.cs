using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;
using BinAuthz.Auditing.Telling;

namespace BinAuthz.Tests.Auditing.Telling;

public sealed class FindingChangesTests
{
    private static readonly AuditFinding Kept = ToldReports.Finding("BA103", "a");
    private static readonly AuditFinding Gone = ToldReports.Finding("BA103", "b");
    private static readonly AuditFinding Fresh = ToldReports.Finding("BA101", "a");

    [Fact]
    public void Of_FirstReport_EverythingIsNew()
    {
        var changes = FindingChanges.Of(null, ToldReports.Report(Kept, Fresh));

        Assert.Equal([Kept, Fresh], changes.New);
        Assert.Empty(changes.Resolved);
    }

    [Fact]
    public void Of_TwoReports_TellsWhatCameAndWhatWent()
    {
        var changes = FindingChanges.Of(ToldReports.Report(Kept, Gone), ToldReports.Report(Kept with { Detail = "in other words" }, Fresh));

        Assert.Equal([Fresh], changes.New);
        Assert.Equal([Gone], changes.Resolved);
    }

    [Fact]
    public void Of_RuleThatIsNotAssessedNow_ResolvesNothing()
    {
        var now = ToldReports.Report() with { Rules = [ToldReports.Rule("BA103", RuleStatus.NotAssessed), ToldReports.Rule("BA101", RuleStatus.Passed)] };

        Assert.Equal([Fresh], FindingChanges.Of(ToldReports.Report(Kept, Gone, Fresh), now).Resolved);
    }

    [Fact]
    public void Of_RuleThatNamesFewerThanItCounts_ResolvesNothing()
    {
        var now = ToldReports.Report(Kept) with { Rules = [ToldReports.Rule("BA103", RuleStatus.Failed, 2)] };

        Assert.Empty(FindingChanges.Of(ToldReports.Report(Kept, Gone), now).Resolved);
    }

    [Fact]
    public void Of_RuleThatIsNoMore_ResolvesNothing() =>
        Assert.Empty(FindingChanges.Of(ToldReports.Report(Gone), ToldReports.Report() with { Rules = [] }).Resolved);
}
