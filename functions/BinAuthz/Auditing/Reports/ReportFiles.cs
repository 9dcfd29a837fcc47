namespace BinAuthz.Auditing.Reports;

/// <summary>The files of a report, besides the statement that signs them.</summary>
internal static class ReportFiles
{
    /// <summary>What <see cref="AuditReport"/> is read back from.</summary>
    public const string Json = "report.json";

    /// <summary>Every format, <see cref="Json"/> first.</summary>
    public static IReadOnlyList<ReportFile> All { get; } =
    [
        new(Json, "application/json", AuditReportJson.Write),
    ];
}
