using BinAuthz.Auditing.Reports.Html;

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
        new("report.html", "text/html; charset=utf-8", HtmlReport.Write),
        new("findings.csv", "text/csv; charset=utf-8", CsvReport.Write),
        new("report.sarif", "application/sarif+json", SarifAuditReport.Write),
        new("assessment-results.json", "application/json", OscalReport.Write),
    ];
}
