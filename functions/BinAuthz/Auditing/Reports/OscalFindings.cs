using System.Globalization;
using System.Text.Json.Nodes;

namespace BinAuthz.Auditing.Reports;

/// <summary>What was found, as OSCAL has it: an observation for each finding, and a finding for each rule.</summary>
internal static class OscalFindings
{
    /// <summary>A resource that observations are about.</summary>
    public static JsonObject Item(string resource) => new()
    {
        ["uuid"] = Subject(resource),
        ["description"] = Prose.Markdown(resource),
        ["props"] = new JsonArray(OscalReport.Property("resource", resource)),
    };

    /// <summary>One finding of ours.</summary>
    public static JsonObject Observation(AuditReport report, AuditFinding finding)
    {
        var observation = new JsonObject
        {
            ["uuid"] = Uuid(finding),
            ["title"] = Prose.Markdown($"{finding.Rule} {finding.Resource}"),
            ["description"] = Prose.Markdown(finding.Detail),
            ["props"] = Properties(finding),
            ["methods"] = new JsonArray((JsonNode)"TEST"),
            ["types"] = new JsonArray((JsonNode)"finding"),
            ["subjects"] = new JsonArray(new JsonObject { ["subject-uuid"] = Subject(finding.Resource), ["type"] = "inventory-item" }),
        };
        if (finding.Evidence.Count > 0)
        {
            observation["relevant-evidence"] = new JsonArray([.. finding.Evidence.Select(Evidence)]);
        }

        observation["collected"] = Rfc3339.Write(report.Time);
        observation["remarks"] = Prose.Markdown($"Remedy: {finding.Remedy}");
        return observation;
    }

    /// <summary>For every objective of every rule whether it is satisfied.</summary>
    public static IEnumerable<JsonObject> Of(AuditReport report, string digest)
    {
        var byRule = report.Findings.ToLookup(finding => finding.Rule, StringComparer.Ordinal);
        var gaps = RuleGap.Of(report).ToLookup(gap => gap.Rule.Id, gap => gap.Text, StringComparer.Ordinal);
        return report.Rules.SelectMany(rule => OscalReport.Targets(rule).Select(target => Of(rule, target, digest, byRule[rule.Id], gaps[rule.Id])));
    }

    private static JsonObject Of(ReportedRule rule, string target, string digest, IEnumerable<AuditFinding> found, IEnumerable<string> gaps)
    {
        var finding = new JsonObject
        {
            ["uuid"] = ContentUuid.Of("finding", $"{digest}\n{target}"),
            ["title"] = Prose.Markdown($"{rule.Id} {rule.Title}"),
            ["description"] = Prose.Markdown($"{rule.Rationale} {rule.Remedy}"),
            ["props"] = new JsonArray(
            [
                OscalReport.Property("severity", ReportWords.Of(rule.Severity)),
                OscalReport.Property("status", ReportWords.Of(rule.Status)),
                OscalReport.Property("count", rule.Count.ToString(CultureInfo.InvariantCulture)),
                .. rule.Controls.Select(OscalReport.Property),
            ]),
            ["target"] = new JsonObject { ["type"] = "objective-id", ["target-id"] = target, ["status"] = Status(rule, gaps) },
        };
        JsonObject[] related = [.. found.Select(Uuid).Distinct().Select(uuid => new JsonObject { ["observation-uuid"] = uuid })];
        if (related.Length > 0)
        {
            finding["related-observations"] = new JsonArray([.. related]);
        }

        return finding;
    }

    private static JsonObject Status(ReportedRule rule, IEnumerable<string> gaps)
    {
        var status = new JsonObject
        {
            ["state"] = rule.Status == RuleStatus.Passed ? "satisfied" : "not-satisfied",
            ["reason"] = rule.Status switch { RuleStatus.Passed => "pass", RuleStatus.Failed => "fail", _ => "other" },
        };
        var remarks = string.Join(' ', gaps);
        if (remarks.Length > 0)
        {
            status["remarks"] = Prose.Markdown(remarks);
        }

        return status;
    }

    private static JsonArray Properties(AuditFinding finding)
    {
        var properties = new JsonArray(
            OscalReport.Property("rule", finding.Rule), OscalReport.Property("severity", ReportWords.Of(finding.Severity)), OscalReport.Property("fingerprint", finding.Fingerprint));
        if (finding.Image is { } image)
        {
            properties.Add((JsonNode)OscalReport.Property("image", image));
        }

        if (finding.Since is { } since)
        {
            properties.Add((JsonNode)OscalReport.Property("since", Rfc3339.Write(since)));
        }

        return properties;
    }

    private static JsonObject Evidence(EvidenceLink link)
    {
        var evidence = new JsonObject();
        if (link.Name.StartsWith("gs://", StringComparison.Ordinal) && Uri.IsWellFormedUriString(link.Name, UriKind.Absolute))
        {
            evidence["href"] = link.Name;
        }

        evidence["description"] = Prose.Markdown($"{link.Kind}: {link.Name}");
        return evidence;
    }

    private static string Subject(string resource) => ContentUuid.Of("resource", resource);

    private static string Uuid(AuditFinding finding) => ContentUuid.Of("observation", finding.Fingerprint);
}
