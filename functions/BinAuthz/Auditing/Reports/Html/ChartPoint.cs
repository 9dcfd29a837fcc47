namespace BinAuthz.Auditing.Reports.Html;

/// <summary>A point of a chart.</summary>
/// <param name="Time">When.</param>
/// <param name="Value">How much; null: not known, and the line has a gap.</param>
internal sealed record ChartPoint(DateTimeOffset Time, double? Value);
