namespace BinAuthz.Auditing.Reports;

/// <summary>A format of a report.</summary>
/// <param name="Name">Of the file, such as <c>report.html</c>.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Write">Writes it; the same bytes for the same report.</param>
internal sealed record ReportFile(string Name, string ContentType, Func<AuditReport, byte[]> Write);
