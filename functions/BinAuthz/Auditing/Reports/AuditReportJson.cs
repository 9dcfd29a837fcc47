using System.Buffers;
using System.Text.Json;

namespace BinAuthz.Auditing.Reports;

/// <summary>
/// Writes a report as <c>audit-report.schema.json</c> says: UTF-8, indented for people and for comparing two by lines, fields
/// always in the same order, times in UTC to the millisecond. What is not known is left out.
/// </summary>
internal static class AuditReportJson
{
    /// <summary>The JSON schema, as it is shipped.</summary>
    public static string Schema
    {
        get
        {
            using var stream = typeof(AuditReportJson).Assembly.GetManifestResourceStream("BinAuthz.Auditing.Reports.audit-report.schema.json")!;
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }

    /// <summary>The document; the same bytes for the same report.</summary>
    public static byte[] Write(AuditReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, JsonBytes.Readable))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", 1);
            writer.WriteString("environment", report.Environment);
            writer.WriteString("project", report.Project);
            writer.WriteString("time", Rfc3339.Write(report.Time));
            writer.WriteString("since", Rfc3339.Write(report.Since));
            writer.WriteBoolean("complete", report.IsComplete);
            Optional(writer, "worst", report.Worst is { } worst ? ReportWords.Of(worst) : null);
            WritePrevious(writer, report.Previous);
            WriteCoverage(writer, report.Coverage);
            List(writer, "rules", report.Rules, WriteRule);
            List(writer, "findings", report.Findings, WriteFinding);
            List(writer, "attestors", report.Attestors, WriteAttestor);
            List(writer, "trend", report.Trend, WritePoint);
            Optional(writer, "policy", report.Policy);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote, and nothing else.</summary>
    /// <exception cref="FormatException">It has a field too many, too few, twice or of another kind, or contradicts itself; the message names the field.</exception>
    public static AuditReport Read(ReadOnlyMemory<byte> json) => AuditReportReader.Read(json);

    private static void WritePrevious(Utf8JsonWriter writer, PreviousReport? previous)
    {
        if (previous is null)
        {
            return;
        }

        writer.WriteStartObject("previous");
        writer.WriteString("name", previous.Name);
        writer.WriteString("digest", previous.Digest);
        writer.WriteNumber("sequence", previous.Sequence);
        writer.WriteEndObject();
    }

    private static void WriteCoverage(Utf8JsonWriter writer, ReportedCoverage? coverage)
    {
        if (coverage is null)
        {
            return;
        }

        writer.WriteStartObject("coverage");
        writer.WriteNumber("stored", coverage.Stored);
        writer.WriteNumber("storedAttested", coverage.StoredAttested);
        writer.WriteNumber("running", coverage.Running);
        writer.WriteNumber("runningAttested", coverage.RunningAttested);
        writer.WriteNumber("percent", coverage.Percent);
        writer.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter writer, ReportedRule rule)
    {
        writer.WriteString("id", rule.Id);
        writer.WriteString("title", rule.Title);
        writer.WriteString("severity", ReportWords.Of(rule.Severity));
        writer.WriteString("status", ReportWords.Of(rule.Status));
        writer.WriteNumber("count", rule.Count);
        writer.WriteString("reason", rule.Reason);
        writer.WriteString("rationale", rule.Rationale);
        writer.WriteString("remedy", rule.Remedy);
        List(writer, "controls", rule.Controls, WriteControl);
    }

    private static void WriteControl(Utf8JsonWriter writer, AuditControl control)
    {
        writer.WriteString("framework", control.Framework);
        writer.WriteString("id", control.Id);
        writer.WriteString("title", control.Title);
    }

    private static void WriteFinding(Utf8JsonWriter writer, AuditFinding finding)
    {
        writer.WriteString("fingerprint", finding.Fingerprint);
        writer.WriteString("rule", finding.Rule);
        writer.WriteString("severity", ReportWords.Of(finding.Severity));
        writer.WriteString("resource", finding.Resource);
        writer.WriteString("detail", finding.Detail);
        writer.WriteString("remedy", finding.Remedy);
        Optional(writer, "image", finding.Image);
        Optional(writer, "since", finding.Since);
        List(writer, "evidence", finding.Evidence, WriteEvidence);
    }

    private static void WriteEvidence(Utf8JsonWriter writer, EvidenceLink link)
    {
        writer.WriteString("kind", link.Kind);
        writer.WriteString("name", link.Name);
    }

    private static void WriteAttestor(Utf8JsonWriter writer, ReportedAttestor attestor)
    {
        writer.WriteString("name", attestor.Name);
        Optional(writer, "note", attestor.Note);
        Optional(writer, "attestations", attestor.Attestations);
        Optional(writer, "valid", attestor.Valid);
        List(writer, "keys", attestor.Keys, WriteKey);
    }

    private static void WriteKey(Utf8JsonWriter writer, ReportedKey key)
    {
        writer.WriteString("id", key.Id);
        Optional(writer, "algorithm", key.Algorithm);
        Optional(writer, "state", key.State);
        Optional(writer, "created", key.Created);
        Optional(writer, "publicKeyPem", key.Pem);
    }

    private static void WritePoint(Utf8JsonWriter writer, TrendPoint point)
    {
        writer.WriteString("time", Rfc3339.Write(point.Time));
        Optional(writer, "coverage", point.Coverage);
        Optional(writer, "oldestKeyAgeDays", point.OldestKeyAge);
        writer.WriteNumber("findings", point.Findings);
    }

    private static void List<T>(Utf8JsonWriter writer, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            write(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Optional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void Optional(Utf8JsonWriter writer, string name, DateTimeOffset? value) => Optional(writer, name, value is { } time ? Rfc3339.Write(time) : null);

    private static void Optional(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    private static void Optional(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }
}
