using BinAuthz.Tests.Auditing.Reports;

namespace BinAuthz.EndToEnd.Tests.Auditing.Browser;

/// <summary>What <c>binauthz audit serve</c> shows, as a reader has it in Chromium.</summary>
public sealed class SitePageTests(SitePages pages) : IClassFixture<SitePages>
{
    [Fact]
    public async Task Open_EveryPage_IsAccessibleAndNeedsNobodyElse() => Assert.All(await pages.AllAsync(), page =>
    {
        // Chromium itself tells of a page that is answered with an error.
        Assert.DoesNotContain(page.Console, line => page.Name != "forged" || !line.Contains("409", StringComparison.Ordinal));
        Assert.Empty(page.Requests);
        Assert.Empty(page.Dialogs);
        Assert.Empty(page.Dead);
        Assert.Empty(page.Violations);
        Assert.Equal((0, 0, 0, 0), (page.Scripts, page.Images, page.Handlers, page.Overflow));
    });

    [Fact]
    public async Task Open_List_ShowsVerdictsAndTrend() => Assert.All(await pages.OfAsync("list"), page =>
    {
        var rows = page.Tables.Single(table => table.Id == "report-list").Rows;
        Assert.Equal(3, rows.Count);
        Assert.Contains("does not verify", rows[0][2], StringComparison.Ordinal);
        Assert.Equal(("2", "critical Findings, and not everything was assessed", "92"), (rows[1][1], rows[1][2], rows[1][4]));
        Assert.Equal(("1", "passed Passed", "0", "100"), (rows[2][1], rows[2][2], rows[2][3], rows[2][4]));
        Assert.Equal(["coverage", "key-age"], page.Charts.Select(chart => chart.Id));
        Assert.Contains("The chain is broken", page.Text, StringComparison.Ordinal);
    });

    [Fact]
    public async Task Open_Difference_ShowsMarkupAsText() => Assert.All(await pages.OfAsync("difference"), page =>
    {
        Assert.Contains("5 new findings", page.Text, StringComparison.Ordinal);
        Assert.Contains(ReportSamples.Markup, page.Text, StringComparison.Ordinal);
        Assert.Contains(ReportSamples.MoreMarkup, page.Text, StringComparison.Ordinal);
    });

    [Fact]
    public async Task Open_ForgedReport_IsNotShown() => Assert.All(await pages.OfAsync("forged"), page => Assert.Contains("Not shown", page.Text, StringComparison.Ordinal));
}
