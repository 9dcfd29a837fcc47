namespace BinAuthz.Auditing.Reports;

/// <summary>What a report said, for the charts of later ones.</summary>
/// <param name="Time">Of the report, UTC.</param>
/// <param name="Coverage">In percent; null: not assessed.</param>
/// <param name="OldestKeyAge">Of the oldest trusted version, in days; null: not known.</param>
/// <param name="Findings">How many, without notes.</param>
internal sealed record TrendPoint(DateTimeOffset Time, double? Coverage, double? OldestKeyAge, long Findings);
