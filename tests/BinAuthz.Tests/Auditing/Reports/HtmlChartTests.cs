using System.Text.RegularExpressions;
using BinAuthz.Auditing.Reports.Html;

namespace BinAuthz.Tests.Auditing.Reports;

public sealed class HtmlChartTests
{
    [Fact]
    public void Figure_Points_AreWhereTheyBelong()
    {
        var svg = Draw(100, Day(0, 0), Day(1, 50), Day(4, 100));

        Assert.Contains("viewBox=\"0 0 440 190\" role=\"img\" aria-labelledby=\"c-title c-text\" data-scale=\"100\"", svg, StringComparison.Ordinal);
        Assert.Contains("<title id=\"c-title\">A title</title>", svg, StringComparison.Ordinal);
        Assert.Contains("<polyline class=\"line\" points=\"34,166 133,88 430,10\"/>", svg, StringComparison.Ordinal);
        Assert.Equal(["34,166=0", "133,88=50", "430,10=100"], Marks(svg));
        Assert.Contains("data-time=\"2026-11-02T00:00:00.000Z\"", svg, StringComparison.Ordinal);
        Assert.Contains("<line class=\"axis\" x1=\"34\" x2=\"430\" y1=\"88\" y2=\"88\"/><text x=\"28\" y=\"92\" text-anchor=\"end\">50</text>", svg, StringComparison.Ordinal);
        Assert.Contains("y1=\"166\" y2=\"166\"/><text x=\"28\" y=\"170\" text-anchor=\"end\">0</text>", svg, StringComparison.Ordinal);
        Assert.Contains("y1=\"10\" y2=\"10\"/><text x=\"28\" y=\"14\" text-anchor=\"end\">100</text>", svg, StringComparison.Ordinal);
        Assert.Contains("<text x=\"34\" y=\"184\">2026-11-01</text>\n<text x=\"430\" y=\"184\" text-anchor=\"end\">2026-11-05</text>", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Figure_Points_AreDescribed()
    {
        Assert.Contains("<desc id=\"c-text\">3 reports from 2026-11-01 to 2026-11-05. The last known value is 40.5 things; the lowest is 10, the highest 60.26.</desc>", Draw(100, Day(0, 60.255), Day(1, 10), Day(4, 40.5)), StringComparison.Ordinal);
        Assert.Contains("<desc id=\"c-text\">No value is known.</desc>", Draw(100, Day(0, null)), StringComparison.Ordinal);
    }

    [Fact]
    public void Figure_Unknown_IsAGap()
    {
        var svg = Draw(100, Day(0, 1), Day(1, 2), Day(2, null), Day(3, 3), Day(4, null), Day(5, 4), Day(6, 5));

        Assert.Equal(2, svg.Split("<polyline").Length - 1);
        Assert.Equal(5, Marks(svg).Length);
    }

    [Fact]
    public void Figure_OnePoint_IsInTheMiddleWithOneDate()
    {
        var svg = Draw(100, Day(0, 100));

        Assert.Equal(["232,10=100"], Marks(svg));
        Assert.DoesNotContain("<polyline", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("text-anchor=\"end\">2026", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Figure_AboveTheScale_StaysInside() => Assert.Equal(["34,10=150", "430,166=-1"], Marks(Draw(100, Day(0, 150), Day(1, -1))));

    [Fact]
    public void Figure_ManyPoints_MarksOnlyTheLast()
    {
        Assert.Equal(60, Marks(Draw(100, [.. Enumerable.Range(0, 60).Select(day => Day(day, day))])).Length);
        Assert.Equal(["430,70.84=61"], Marks(Draw(100, [.. Enumerable.Range(1, 61).Select(day => Day(day, day))])));
    }

    [Theory]
    [InlineData(0, "10")]
    [InlineData(10, "10")]
    [InlineData(10.1, "20")]
    [InlineData(21, "50")]
    [InlineData(51, "100")]
    [InlineData(101, "200")]
    [InlineData(201, "500")]
    [InlineData(365, "500")]
    [InlineData(501, "1000")]
    public void Figure_NoTop_IsScaledToARoundNumber(double value, string scale) => Assert.Contains($"data-scale=\"{scale}\"", Draw(null, Day(0, value)), StringComparison.Ordinal);

    private static ChartPoint Day(int day, double? value) => new(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day), value);

    private static string Draw(double? top, params ChartPoint[] points) => new HtmlChart("c", "A title", "things", top, points).Figure().Source;

    private static string[] Marks(string svg) =>
        [.. Regex.Matches(svg, "<circle class=\"point\" cx=\"([^\"]*)\" cy=\"([^\"]*)\" r=\"3\" data-time=\"[^\"]*\" data-value=\"([^\"]*)\"/>").Select(match => $"{match.Groups[1]},{match.Groups[2]}={match.Groups[3]}")];
}
