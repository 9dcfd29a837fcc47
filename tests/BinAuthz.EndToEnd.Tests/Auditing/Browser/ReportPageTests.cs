using System.Globalization;
using BinAuthz.Auditing.Reports;
using BinAuthz.Tests.Auditing.Reports;

namespace BinAuthz.EndToEnd.Tests.Auditing.Browser;

/// <summary>The report as a reader has it: in Chromium, in light and dark, on a phone and on paper.</summary>
public sealed class ReportPageTests(ReportPages pages) : IClassFixture<ReportPages>
{
    private static readonly IReadOnlyList<TrendPoint> Trend = ReportSamples.Old.Trend;

    [Fact]
    public async Task Open_Report_IsOpenedInEveryMode() =>
        Assert.Equal(["light", "dark", "phone", "print", "policy"], (await pages.ReportAsync()).Select(page => page.Mode));

    [Fact]
    public async Task Open_Report_NeedsNothingElseAndHasNoError() => Assert.All(await pages.ReportAsync(), page =>
    {
        Assert.Empty(page.Console);
        Assert.Empty(page.Requests);
        Assert.Empty(page.Dead);
    });

    [Fact]
    public async Task Open_Report_HasNoViolationOfAccessibility()
    {
        var seen = await pages.ReportAsync();

        Assert.All(seen, page => Assert.Empty(page.Violations));
        var policy = seen.Single(page => page.Mode == "policy");
        Assert.Equal("Skip to the content", policy.FirstFocus);
        Assert.True(policy.Opened);
    }

    [Fact]
    public async Task Open_Report_IsNeverWiderThanTheWindow() => Assert.All(await pages.ReportAsync(), page => Assert.Equal(0, page.Overflow));

    [Fact]
    public async Task Open_NamesWithMarkup_AreTextAndRunNothing() => Assert.All(await pages.ReportAsync(), page =>
    {
        Assert.Contains(ReportSamples.Markup, page.Text, StringComparison.Ordinal);
        Assert.Contains(ReportSamples.MoreMarkup, page.Text, StringComparison.Ordinal);
        Assert.Empty(page.Dialogs);
        Assert.Equal((0, 0, 0), (page.Scripts, page.Images, page.Handlers));
    });

    [Fact]
    public async Task Open_Charts_ShowTheNumbers() => Assert.All(await pages.ReportAsync(), page =>
    {
        Assert.Equal(["coverage", "key-age"], page.Charts.Select(chart => chart.Id));
        ShowsTheNumbers(page.Charts[0], point => point.Coverage);
        ShowsTheNumbers(page.Charts[1], point => point.OldestKeyAge);
        Assert.Contains("The last known value is 91.45 %; the lowest is 70, the highest 91.45.", page.Charts[0].Label, StringComparison.Ordinal);
    });

    [Fact]
    public async Task Open_TableOfNumbers_SaysTheSame() => Assert.All(await pages.ReportAsync(), page => Assert.Equal(
        Trend.Select(point => $"{point.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC|{Cell(point.Coverage)}|{Cell(point.OldestKeyAge)}|{point.Findings}"),
        page.Tables.Single(table => table.Id == "trend-numbers").Rows.Select(row => string.Join('|', row))));

    [Fact]
    public async Task Open_WrongPage_IsFoundOut()
    {
        var page = await pages.WrongAsync();

        Assert.Contains(page.Console, line => line.Contains("told", StringComparison.Ordinal));
        Assert.Contains(page.Console, line => line.Contains("undefinedName", StringComparison.Ordinal));
        Assert.Equal(["http://127.0.0.1:9/x.png"], page.Requests);
        Assert.Equal(["opened"], page.Dialogs);
        Assert.Equal(["nowhere"], page.Dead);
        Assert.Equal((1, 1, 1), (page.Scripts, page.Images, page.Handlers));
        Assert.True(page.Overflow > 400);
        Assert.All(["color-contrast", "image-alt", "html-has-lang"], rule => Assert.Contains(page.Violations, violation => violation.StartsWith(rule, StringComparison.Ordinal)));
    }

    // What a reader reads off: the place of each point between the lines of the scale, not what an attribute says.
    private static void ShowsTheNumbers(SeenPage.Chart chart, Func<TrendPoint, double?> value)
    {
        var (low, high) = (chart.Axis[0], chart.Axis[^1]);
        var known = Trend.Where(point => value(point) is not null).ToArray();
        var span = (Trend[^1].Time - Trend[0].Time).TotalDays;
        var (left, right) = (chart.Points[0].X, chart.Points[^1].X);

        Assert.Equal(known.Select(point => point.Time), chart.Points.Select(point => point.Time));
        Assert.All(chart.Points.Zip(known), each =>
        {
            var readOff = low.Label + ((each.First.Y - low.Y) / (high.Y - low.Y) * (high.Label - low.Label));
            Assert.Equal(value(each.Second)!.Value, readOff, 0.01 * chart.Scale);
            Assert.Equal(value(each.Second)!.Value, each.First.Value, 0.005);
            Assert.Equal(left + ((each.Second.Time - Trend[0].Time).TotalDays / span * (right - left)), each.First.X, 0.01);
        });
    }

    private static string Cell(double? value) => value is { } number ? number.ToString("0.##", CultureInfo.InvariantCulture) : "not assessed";
}
