namespace BinAuthz.Auditing.Reports;

/// <summary>How many images are attested.</summary>
/// <param name="Stored">How many images the protected repositories hold.</param>
/// <param name="StoredAttested">How many of these are attested.</param>
/// <param name="Running">How many images pods run.</param>
/// <param name="RunningAttested">How many of these are attested.</param>
/// <param name="Percent">Of both together, from 0 to 100.</param>
internal sealed record ReportedCoverage(long Stored, long StoredAttested, long Running, long RunningAttested, double Percent);
