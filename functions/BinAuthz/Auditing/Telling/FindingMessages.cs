using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using BinAuthz.Auditing.Reports;

namespace BinAuthz.Auditing.Telling;

/// <summary>Writes the messages on the topic of findings. The same report gives the same messages, each with the same id.</summary>
internal static class FindingMessages
{
    /// <summary>How much of a detail a message has; the report has all of it.</summary>
    public const int LongestText = 8192;

    // Never embedded in HTML; image names and quotes stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Every message: the findings, then the report.</summary>
    /// <param name="stored">The report.</param>
    /// <param name="changes">What it found, against the report that was told before.</param>
    public static IEnumerable<FindingMessage> Of(PreviousAudit stored, FindingChanges changes) =>
    [
        .. changes.New.Select(finding => Of(stored, finding, "new")),
        .. changes.Resolved.Select(finding => Of(stored, finding, "resolved")),
        OfReport(stored, changes),
    ];

    private static FindingMessage Of(PreviousAudit stored, AuditFinding finding, string state)
    {
        var title = stored.Report.Rules.FirstOrDefault(rule => rule.Id == finding.Rule)?.Title ?? "";
        var data = Write(writer =>
        {
            Begin(writer, stored, $"{stored.Link.Folder}/{finding.Fingerprint}/{state}", "finding");
            writer.WriteString("state", state);
            writer.WriteString("fingerprint", finding.Fingerprint);
            writer.WriteString("rule", finding.Rule);
            writer.WriteString("title", title);
            writer.WriteString("severity", ReportWords.Of(finding.Severity));
            writer.WriteString("resource", Cut(finding.Resource));
            writer.WriteString("detail", Cut(finding.Detail));
            writer.WriteString("remedy", Cut(finding.Remedy));
            Optional(writer, "image", finding.Image);
            Optional(writer, "since", finding.Since is { } since ? Rfc3339.Write(since) : null);
        });
        return new FindingMessage(data, new Dictionary<string, string>
        {
            ["kind"] = "finding",
            ["environment"] = stored.Report.Environment,
            ["state"] = state,
            ["rule"] = finding.Rule,
            ["severity"] = ReportWords.Of(finding.Severity),
            ["fingerprint"] = finding.Fingerprint,
        });
    }

    private static FindingMessage OfReport(PreviousAudit stored, FindingChanges changes)
    {
        var report = stored.Report;
        var verdict = VerdictOf(report);
        var data = Write(writer =>
        {
            Begin(writer, stored, stored.Link.Folder, "report");
            writer.WriteString("verdict", verdict);
            writer.WriteStartObject("findings");
            foreach (var severity in Enum.GetValues<AuditSeverity>())
            {
                writer.WriteNumber(ReportWords.Of(severity), report.Findings.Count(finding => finding.Severity == severity));
            }

            writer.WriteEndObject();
            writer.WriteNumber("new", changes.New.Count);
            writer.WriteNumber("resolved", changes.Resolved.Count);
            writer.WriteStartArray("notAssessed");
            foreach (var rule in report.Rules.Where(rule => rule.Status == RuleStatus.NotAssessed))
            {
                writer.WriteStringValue(rule.Id);
            }

            writer.WriteEndArray();
            writer.WriteString("statement", stored.Link.Name);
            writer.WriteString("digest", stored.Link.Digest);
            writer.WriteNumber("sequence", stored.Link.Sequence);
        });
        return new FindingMessage(data, new Dictionary<string, string> { ["kind"] = "report", ["environment"] = report.Environment, ["verdict"] = verdict });
    }

    /// <summary>In one word: <c>failed</c> with a finding of severity high or critical, else <c>incomplete</c> when a rule was not assessed, else <c>passed</c>.</summary>
    public static string VerdictOf(AuditReport report) =>
        report.Worst >= AuditSeverity.High ? "failed" : report.IsComplete ? "passed" : "incomplete";

    private static void Begin(Utf8JsonWriter writer, PreviousAudit stored, string id, string kind)
    {
        writer.WriteNumber("version", 1);
        writer.WriteString("id", id);
        writer.WriteString("kind", kind);
        writer.WriteString("environment", stored.Report.Environment);
        writer.WriteString("project", stored.Report.Project);
        writer.WriteString("report", stored.Link.Folder);
        writer.WriteString("time", Rfc3339.Write(stored.Report.Time));
    }

    private static byte[] Write(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            fields(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Optional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, Cut(value));
        }
    }

    private static string Cut(string text) => Denials.LoggedText.Cut(text, LongestText);
}
