using System.Globalization;
using System.Text;

namespace BinAuthz.Auditing.Reports;

/// <summary>
/// The findings as a table (RFC 4180, UTF-8), and a row for each rule that was not assessed or found more than is named, so
/// that a table without findings does not look like an audit that passed. A spreadsheet would compute a field that begins with
/// <c>= + - @</c>, a tab or a line end; an apostrophe before it makes it text.
/// </summary>
internal static class CsvReport
{
    private const string LineEnd = "\r\n";

    /// <summary>The table.</summary>
    public static byte[] Write(AuditReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var titles = report.Rules.ToDictionary(rule => rule.Id, rule => rule.Title, StringComparer.Ordinal);
        var text = new StringBuilder();
        Row(text, "status", "severity", "rule", "title", "resource", "image", "detail", "remedy", "since", "evidence", "fingerprint");
        foreach (var finding in report.Findings)
        {
            Row(
                text,
                "found",
                ReportWords.Of(finding.Severity),
                finding.Rule,
                titles.GetValueOrDefault(finding.Rule, ""),
                finding.Resource,
                finding.Image ?? "",
                finding.Detail,
                finding.Remedy,
                finding.Since is { } since ? Rfc3339.Write(since) : "",
                string.Join('\n', finding.Evidence.Select(link => $"{link.Kind}: {link.Name}")),
                finding.Fingerprint);
        }

        foreach (var gap in RuleGap.Of(report))
        {
            Row(text, gap.IsAssessed ? "not_named" : "not_assessed", ReportWords.Of(gap.Rule.Severity), gap.Rule.Id, gap.Rule.Title, "", "", gap.Text, gap.Rule.Remedy, "", "", "");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Row(StringBuilder text, params ReadOnlySpan<string> fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(Field(fields[i]));
        }

        text.Append(LineEnd);
    }

    private static string Field(string value)
    {
        var isFormula = value.Length > 0 && "=+-@\t\r\n".Contains(value[0], StringComparison.Ordinal);
        var safe = isFormula ? "'" + value : value;
        return isFormula || safe.AsSpan().IndexOfAny(",\"\r\n") >= 0
            ? string.Create(CultureInfo.InvariantCulture, $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")
            : safe;
    }
}
