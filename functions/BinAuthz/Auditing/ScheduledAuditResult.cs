using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Auditing.Reports;
using BinAuthz.Auditing.Telling;

namespace BinAuthz.Auditing;

/// <summary>What became of an audit on the schedule.</summary>
/// <param name="Stored">The report that is kept, whose statement's digest anchors the chain.</param>
/// <param name="Changes">What was told.</param>
/// <param name="SentBack">How many images the signer was asked for again.</param>
internal sealed record ScheduledAuditResult(PreviousAudit Stored, FindingChanges Changes, int SentBack)
{
    /// <summary>Whether an earlier run had told everything, so that this one told nothing.</summary>
    public bool WasTold { get; init; }

    /// <summary>In one word.</summary>
    public string Verdict => FindingMessages.VerdictOf(Stored.Report);

    /// <summary>For whoever asked.</summary>
    public JsonObject ToJson()
    {
        var findings = new JsonObject();
        foreach (var severity in Enum.GetValues<AuditSeverity>())
        {
            findings[ReportWords.Of(severity)] = Stored.Report.Findings.Count(finding => finding.Severity == severity);
        }

        return new JsonObject
        {
            ["report"] = Stored.Link.Folder,
            ["verdict"] = Verdict,
            ["findings"] = findings,
            ["notAssessed"] = new JsonArray([.. Stored.Report.Rules.Where(rule => rule.Status == RuleStatus.NotAssessed).Select(rule => (JsonNode)rule.Id)]),
            ["sequence"] = Stored.Link.Sequence,
            ["digest"] = Stored.Link.Digest,
            ["new"] = Changes.New.Count,
            ["resolved"] = Changes.Resolved.Count,
            ["sentBack"] = SentBack,
            ["alreadyTold"] = WasTold,
        };
    }

    /// <summary>What <c>told.json</c> says.</summary>
    /// <param name="against">The report that findings were compared with; null: all were new.</param>
    /// <param name="at">When everything was told, UTC.</param>
    public byte[] ToldJson(PreviousReport? against, DateTimeOffset at) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["version"] = 1,
        ["time"] = Rfc3339.Write(at),
        ["statement"] = Stored.Link.Digest,
        ["against"] = against?.Digest,
        ["new"] = Changes.New.Count,
        ["resolved"] = Changes.Resolved.Count,
        ["sentBack"] = SentBack,
    }.ToJsonString());
}
