using System.Globalization;

namespace BinAuthz.Auditing.Reports.Html;

/// <summary>A line chart over time as inline SVG, with a title and a description for those who do not see it.</summary>
/// <param name="id">In the page.</param>
/// <param name="title">What it shows.</param>
/// <param name="unit">Of the values.</param>
/// <param name="top">The top of the scale; null: a round number above the greatest value.</param>
/// <param name="points">In the order of time, at least one.</param>
internal sealed class HtmlChart(string id, string title, string unit, double? top, IReadOnlyList<ChartPoint> points)
{
    private const double Width = 440;
    private const double Height = 190;
    private const double Left = 34;
    private const double Right = 10;
    private const double Top = 10;
    private const double Bottom = 24;

    // More would be a band.
    private const int MaximumMarks = 60;

    private readonly double scale = top ?? Ceiling(points.Max(point => point.Value) ?? 0);

    /// <summary>The chart with its caption.</summary>
    public Markup Figure() => Markup.Of($"""
        <figure id="{id}">
        <figcaption>{title}</figcaption>
        <svg viewBox="0 0 {N(Width)} {N(Height)}" role="img" aria-labelledby="{id}-title {id}-text" data-scale="{N(scale)}">
        <title id="{id}-title">{title}</title>
        <desc id="{id}-text">{Description()}</desc>
        {Axis(0)}{Axis(scale / 2)}{Axis(scale)}
        <text x="{N(Left)}" y="{N(Height - 6)}">{Day(points[0])}</text>
        {(points.Count > 1 ? Markup.Of($"<text x=\"{N(Width - Right)}\" y=\"{N(Height - 6)}\" text-anchor=\"end\">{Day(points[^1])}</text>") : Markup.None)}
        {Lines()}
        {Marks()}
        </svg>
        </figure>
        """);

    // 10, 20, 50, 100, 200, …
    private static double Ceiling(double value)
    {
        double ceiling = 10;
        for (var i = 0; ceiling < value; i++)
        {
            ceiling *= i % 3 == 1 ? 2.5 : 2;
        }

        return ceiling;
    }

    private static string N(double value) => HtmlText.Number(value);

    private static string Day(ChartPoint point) => point.Time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string Description()
    {
        var known = points.Where(point => point.Value is not null).ToArray();
        return known.Length == 0
            ? "No value is known."
            : $"{HtmlText.Count(points.Count, "report", "reports")} from {Day(points[0])} to {Day(points[^1])}. The last known value is {N(known[^1].Value!.Value)} {unit}; the lowest is {N(known.Min(point => point.Value!.Value))}, the highest {N(known.Max(point => point.Value!.Value))}.";
    }

    private Markup Axis(double value) => Markup.Of($"""
        <line class="axis" x1="{N(Left)}" x2="{N(Width - Right)}" y1="{N(Y(value))}" y2="{N(Y(value))}"/><text x="{N(Left - 6)}" y="{N(Y(value) + 4)}" text-anchor="end">{N(value)}</text>
        """);

    // One line for each stretch without a gap.
    private IEnumerable<Markup> Lines()
    {
        var stretch = new List<string>();
        foreach (var point in points.Append(new ChartPoint(default, null)))
        {
            if (point.Value is { } value)
            {
                stretch.Add($"{N(X(point))},{N(Y(value))}");
                continue;
            }

            if (stretch.Count > 1)
            {
                yield return Markup.Of($"<polyline class=\"line\" points=\"{string.Join(' ', stretch)}\"/>\n");
            }

            stretch.Clear();
        }
    }

    // The last one always, so that it can be found.
    private IEnumerable<Markup> Marks()
    {
        var known = points.Where(point => point.Value is not null).ToArray();
        return known.Skip(known.Length > MaximumMarks ? known.Length - 1 : 0).Select(point => Markup.Of(
            $"<circle class=\"point\" cx=\"{N(X(point))}\" cy=\"{N(Y(point.Value!.Value))}\" r=\"3\" data-time=\"{Rfc3339.Write(point.Time)}\" data-value=\"{N(point.Value.Value)}\"/>\n"));
    }

    private double X(ChartPoint point)
    {
        var span = (points[^1].Time - points[0].Time).TotalSeconds;
        var at = span <= 0 ? 0.5 : (point.Time - points[0].Time).TotalSeconds / span;
        return Left + (at * (Width - Left - Right));
    }

    private double Y(double value) => Top + ((1 - Math.Clamp(value / scale, 0, 1)) * (Height - Top - Bottom));
}
