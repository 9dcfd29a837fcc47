using System.Text.Json;

namespace BinAuthz.Auditing.Reports;

/// <summary>Reads a report strictly: a program that acts on it must not act on half of it.</summary>
internal static class AuditReportReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads what <see cref="AuditReportJson.Write"/> wrote.</summary>
    /// <exception cref="FormatException">It is of another form; the message names the field.</exception>
    public static AuditReport Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return Read(ReportFields.Root(document.RootElement));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The latter is thrown for text that is not UTF-8.
            throw new FormatException($"it is not JSON: {error.Message}", error);
        }
    }

    private static AuditReport Read(ReportFields json)
    {
        json.Only("version", "environment", "project", "time", "since", "complete", "worst", "previous", "coverage", "rules", "findings", "attestors", "trend", "policy");
        if (json.Count("version") != 1)
        {
            throw new FormatException("its field 'version' is not 1: another version of this program wrote it");
        }

        var report = new AuditReport(
            json.Text("environment"),
            json.Text("project"),
            json.Time("time"),
            json.Time("since"),
            json.List("rules", Rule),
            json.List("findings", Finding),
            json.List("attestors", Attestor),
            json.Has("coverage") ? Coverage(json.Inner("coverage")) : null,
            json.List("trend", Point))
        {
            Previous = json.Has("previous") ? Previous(json.Inner("previous")) : null,
            Policy = json.OptionalText("policy"),
        };
        var twice = report.Rules.CountBy(rule => rule.Id).FirstOrDefault(rule => rule.Value > 1).Key;
        var isWorst = report.Worst is { } worst ? json.Severity("worst") == worst : !json.Has("worst");
        return twice is not null ? throw new FormatException($"its field 'rules' has {twice} more than once")
            : !isWorst ? throw json.Contradicts("worst")
            : json.Flag("complete") != report.IsComplete ? throw json.Contradicts("complete")
            : report;
    }

    private static PreviousReport Previous(ReportFields json)
    {
        json.Only("name", "digest", "sequence");
        return new PreviousReport(json.Text("name"), json.Text("digest"), json.Count("sequence"));
    }

    private static ReportedCoverage Coverage(ReportFields json)
    {
        json.Only("stored", "storedAttested", "running", "runningAttested", "percent");
        return new ReportedCoverage(json.Count("stored"), json.Count("storedAttested"), json.Count("running"), json.Count("runningAttested"), json.Number("percent"));
    }

    private static ReportedRule Rule(ReportFields json)
    {
        json.Only("id", "title", "severity", "status", "count", "reason", "rationale", "remedy", "controls");
        return new ReportedRule(json.Text("id"), json.Text("title"), json.Severity("severity"), json.Status("status"), json.Count("count"), json.Text("reason"))
        {
            Rationale = json.Text("rationale"),
            Remedy = json.Text("remedy"),
            Controls = json.List("controls", Control),
        };
    }

    private static AuditControl Control(ReportFields json)
    {
        json.Only("framework", "id", "title");
        return new AuditControl(json.Text("framework"), json.Text("id"), json.Text("title"));
    }

    private static AuditFinding Finding(ReportFields json)
    {
        json.Only("fingerprint", "rule", "severity", "resource", "detail", "remedy", "image", "since", "evidence");
        var finding = new AuditFinding(json.Text("rule"), json.Severity("severity"), json.Text("resource"), json.Text("detail"), json.Text("remedy"))
        {
            Image = json.OptionalText("image"),
            Since = json.OptionalTime("since"),
            Evidence = json.List("evidence", Evidence),
        };
        return json.Text("fingerprint") == finding.Fingerprint ? finding : throw json.Contradicts("fingerprint");
    }

    private static EvidenceLink Evidence(ReportFields json)
    {
        json.Only("kind", "name");
        return new EvidenceLink(json.Text("kind"), json.Text("name"));
    }

    private static ReportedAttestor Attestor(ReportFields json)
    {
        json.Only("name", "note", "attestations", "valid", "keys");
        return new ReportedAttestor(json.Text("name"), json.OptionalText("note"), json.OptionalCount("attestations"), json.OptionalCount("valid"), json.List("keys", Key));
    }

    private static ReportedKey Key(ReportFields json)
    {
        json.Only("id", "algorithm", "state", "created", "publicKeyPem");
        return new ReportedKey(json.Text("id"), json.OptionalText("algorithm"), json.OptionalText("state"), json.OptionalTime("created"), json.OptionalText("publicKeyPem"));
    }

    private static TrendPoint Point(ReportFields json)
    {
        json.Only("time", "coverage", "oldestKeyAgeDays", "findings");
        return new TrendPoint(json.Time("time"), json.OptionalNumber("coverage"), json.OptionalNumber("oldestKeyAgeDays"), json.Count("findings"));
    }
}
