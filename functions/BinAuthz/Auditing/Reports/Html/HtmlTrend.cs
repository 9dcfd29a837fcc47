namespace BinAuthz.Auditing.Reports.Html;

/// <summary>How coverage and the age of keys went, as charts and as the numbers that they show.</summary>
internal static class HtmlTrend
{
    /// <summary>The section.</summary>
    public static Markup Section(IReadOnlyList<TrendPoint> trend) => Markup.Of($"""
        <section id="trend" aria-labelledby="trend-title">
        <h2 id="trend-title">Trend</h2>
        {(trend.Count == 0 ? Markup.Of($"<p>There are no reports to draw.</p>") : Charts(trend))}
        </section>
        """);

    private static Markup Charts(IReadOnlyList<TrendPoint> trend) => Markup.Of($"""
        <div class="charts">
        {new HtmlChart("coverage", "Coverage in percent", "%", 100, [.. trend.Select(point => new ChartPoint(point.Time, point.Coverage))]).Figure()}
        {new HtmlChart("key-age", "Age of the oldest trusted key in days", "days", null, [.. trend.Select(point => new ChartPoint(point.Time, point.OldestKeyAge))]).Figure()}
        </div>
        <details class="numbers">
        <summary>The numbers of these charts</summary>
        <div class="scroll" role="region" tabindex="0" aria-label="The numbers of these charts">
        <table id="trend-numbers">
        <caption>{HtmlText.Count(trend.Count, "report", "reports")}, the oldest first. What was not assessed has no number.</caption>
        <thead><tr><th scope="col">Report</th><th scope="col" class="number">Coverage, %</th><th scope="col" class="number">Oldest key, days</th><th scope="col" class="number">Findings</th></tr></thead>
        <tbody>
        {trend.Select(point => Markup.Of($"<tr><th scope=\"row\">{HtmlText.Time(point.Time)}</th><td class=\"number\">{Number(point.Coverage)}</td><td class=\"number\">{Number(point.OldestKeyAge)}</td><td class=\"number\">{point.Findings}</td></tr>\n"))}
        </tbody>
        </table>
        </div>
        </details>
        """);

    private static string Number(double? value) => value is { } number ? HtmlText.Number(number) : "not assessed";
}
