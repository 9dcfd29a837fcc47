using System.Text.Json.Nodes;

namespace BinAuthz.Auditing.Reports;

/// <summary>
/// A report as a SARIF 2.1.0 log. There are no files: a result's place is the resource, by its full name. A rule that was not
/// assessed is a notification about the tool's configuration, and the run did not succeed.
/// </summary>
internal static class SarifAuditReport
{
    /// <summary>The log.</summary>
    public static byte[] Write(AuditReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var index = report.Rules.Select((rule, at) => (rule.Id, at)).ToDictionary(each => each.Id, each => each.at, StringComparer.Ordinal);
        return JsonBytes.Of(SarifLog.Of(new JsonArray([.. report.Rules.Select(Rule)]), new JsonObject
        {
            ["automationDetails"] = new JsonObject { ["id"] = $"binauthz-audit/{report.Environment}/{Rfc3339.Write(report.Time)}" },
            ["invocations"] = new JsonArray(Invocation(report, index)),
            ["results"] = new JsonArray([.. report.Findings.Select(finding => Result(finding, index))]),
            ["properties"] = new JsonObject { ["environment"] = report.Environment, ["project"] = report.Project, ["since"] = Rfc3339.Write(report.Since) },
        }));
    }

    /// <summary>SARIF's level: it has three.</summary>
    public static string Level(AuditSeverity severity) => severity switch
    {
        AuditSeverity.Critical or AuditSeverity.High => "error",
        AuditSeverity.Medium or AuditSeverity.Low => "warning",
        _ => "note",
    };

    // In the middle of the bands in which code scanning shows critical, high, medium and low.
    private static string SecuritySeverity(AuditSeverity severity) => severity switch
    {
        AuditSeverity.Critical => "9.5",
        AuditSeverity.High => "8.0",
        AuditSeverity.Medium => "5.5",
        AuditSeverity.Low => "2.0",
        _ => "0.0",
    };

    private static JsonObject Rule(ReportedRule rule) => new()
    {
        ["id"] = rule.Id,
        ["shortDescription"] = new JsonObject { ["text"] = rule.Title },
        ["fullDescription"] = new JsonObject { ["text"] = rule.Rationale },
        ["help"] = new JsonObject { ["text"] = rule.Remedy },
        ["defaultConfiguration"] = new JsonObject { ["level"] = Level(rule.Severity) },
        ["properties"] = new JsonObject
        {
            ["severity"] = ReportWords.Of(rule.Severity),
            ["security-severity"] = SecuritySeverity(rule.Severity),
            ["status"] = ReportWords.Of(rule.Status),
            ["count"] = rule.Count,
            ["tags"] = new JsonArray([.. rule.Controls.Select(control => $"{control.Framework} {control.Id}").Prepend("security").Distinct(StringComparer.Ordinal).Select(tag => (JsonNode)tag)]),
        },
    };

    private static JsonObject Invocation(AuditReport report, Dictionary<string, int> index)
    {
        var gaps = RuleGap.Of(report).ToArray();
        return new JsonObject
        {
            ["executionSuccessful"] = report.IsComplete,
            ["endTimeUtc"] = Rfc3339.Write(report.Time),
            ["toolConfigurationNotifications"] = new JsonArray([.. gaps.Where(gap => !gap.IsAssessed).Select(gap => Notification(gap, "error", index))]),
            ["toolExecutionNotifications"] = new JsonArray([.. gaps.Where(gap => gap.IsAssessed).Select(gap => Notification(gap, "warning", index))]),
        };
    }

    private static JsonObject Notification(RuleGap gap, string level, Dictionary<string, int> index) => new()
    {
        ["level"] = level,
        ["message"] = SarifLog.Message($"{gap.Rule.Id} {gap.Rule.Title}: {gap.Text}"),
        ["associatedRule"] = new JsonObject { ["id"] = gap.Rule.Id, ["index"] = index[gap.Rule.Id] },
    };

    private static JsonObject Result(AuditFinding finding, Dictionary<string, int> index)
    {
        var result = new JsonObject
        {
            ["ruleId"] = finding.Rule,
            ["ruleIndex"] = index.GetValueOrDefault(finding.Rule, -1),
            ["kind"] = "fail",
            ["level"] = Level(finding.Severity),
            ["message"] = SarifLog.Message($"{finding.Resource}: {finding.Detail} Remedy: {finding.Remedy}"),
            ["locations"] = new JsonArray(new JsonObject { ["logicalLocations"] = Places(finding) }),
            ["partialFingerprints"] = new JsonObject { ["binauthzFinding/v1"] = finding.Fingerprint },
            ["properties"] = new JsonObject { ["severity"] = ReportWords.Of(finding.Severity) },
        };
        if (finding.Since is { } since)
        {
            result["properties"]!["since"] = Rfc3339.Write(since);
        }

        if (finding.Evidence.Count > 0)
        {
            result["relatedLocations"] = new JsonArray([.. finding.Evidence.Select(Evidence)]);
        }

        return result;
    }

    private static JsonArray Places(AuditFinding finding)
    {
        var places = new JsonArray(Place(finding.Resource, "resource"));
        if (finding.Image is { } image)
        {
            places.Add((JsonNode)Place(image, "image"));
        }

        return places;
    }

    private static JsonObject Place(string name, string kind) => new() { ["fullyQualifiedName"] = name, ["kind"] = kind };

    private static JsonObject Evidence(EvidenceLink link, int at) => new()
    {
        ["id"] = at,
        ["message"] = SarifLog.Message(link.Kind),
        ["logicalLocations"] = new JsonArray(Place(link.Name, "evidence")),
    };
}
