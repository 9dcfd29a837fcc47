using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Auditing.Reports;

namespace BinAuthz.Auditing;

/// <summary>What became of an audit on the schedule, for programs.</summary>
internal static class ScheduledAuditJson
{
    /// <summary>For whoever asked.</summary>
    public static JsonObject Of(ScheduledOutcome outcome) => outcome switch
    {
        ScheduledOutcome.Reported reported => Of(reported),
        ScheduledOutcome.InParts parts => new JsonObject { ["outcome"] = "in_parts", ["asked"] = parts.Asked },
        ScheduledOutcome.TooLate => new JsonObject { ["outcome"] = "too_late" },
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} is no outcome that is known here."),
    };

    /// <summary>What <c>told.json</c> says.</summary>
    /// <param name="reported">What was told.</param>
    /// <param name="against">The report that findings were compared with; null: all were new.</param>
    /// <param name="at">When everything was told, UTC.</param>
    public static byte[] Told(ScheduledOutcome.Reported reported, PreviousReport? against, DateTimeOffset at) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["version"] = 1,
        ["time"] = Rfc3339.Write(at),
        ["statement"] = reported.Stored.Link.Digest,
        ["against"] = against?.Digest,
        ["new"] = reported.Changes.New.Count,
        ["resolved"] = reported.Changes.Resolved.Count,
        ["sentBack"] = reported.SentBack,
    }.ToJsonString());

    private static JsonObject Of(ScheduledOutcome.Reported reported)
    {
        var report = reported.Stored.Report;
        var findings = new JsonObject();
        foreach (var severity in Enum.GetValues<AuditSeverity>())
        {
            findings[ReportWords.Of(severity)] = report.Findings.Count(finding => finding.Severity == severity);
        }

        return new JsonObject
        {
            ["outcome"] = reported.WasTold ? "already_told" : "reported",
            ["report"] = reported.Stored.Link.Folder,
            ["verdict"] = reported.Verdict,
            ["findings"] = findings,
            ["notAssessed"] = new JsonArray([.. report.Rules.Where(rule => rule.Status == RuleStatus.NotAssessed).Select(rule => (JsonNode)rule.Id)]),
            ["sequence"] = reported.Stored.Link.Sequence,
            ["digest"] = reported.Stored.Link.Digest,
            ["new"] = reported.Changes.New.Count,
            ["resolved"] = reported.Changes.Resolved.Count,
            ["sentBack"] = reported.SentBack,
        };
    }
}
