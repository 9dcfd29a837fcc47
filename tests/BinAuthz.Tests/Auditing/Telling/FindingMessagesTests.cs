using System.Text.Json;
using System.Text.Json.Nodes;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;
using BinAuthz.Auditing.Telling;
using Json.Schema;

namespace BinAuthz.Tests.Auditing.Telling;

public sealed class FindingMessagesTests
{
    private const string Folder = "audits/production/20261126T060000Z";
    private static readonly JsonSchema Schema = JsonSchema.FromText(File.ReadAllText(Path.Combine(SourceTree.Root, "functions/BinAuthz/Auditing/Telling/findings.schema.json")));
    private static readonly AuditFinding Fresh = ToldReports.Finding("BA103", "occurrence") with { Image = "x/y@sha256:1", Since = ToldReports.Time };
    private static readonly AuditFinding Gone = ToldReports.Finding("BA101", "other", AuditSeverity.Low);

    [Fact]
    public void Of_Changes_TellsEachFindingThenTheReport()
    {
        var messages = Messages(ToldReports.Report(Fresh), new FindingChanges([Fresh], [Gone]));

        Assert.Equal(
            [
                $"finding production new BA103 high {Fresh.Fingerprint}",
                $"finding production resolved BA101 low {Gone.Fingerprint}",
                "report production failed",
            ],
            messages.Select(message => string.Join(' ', message.Attributes.Values)));
        Assert.Equal(
            [$"{Folder}/{Fresh.Fingerprint}/new", $"{Folder}/{Gone.Fingerprint}/resolved", Folder],
            messages.Select(message => (string?)message.Json["id"]));
        Assert.All(messages, message => Assert.True(message.IsValid, message.Json.ToJsonString()));
    }

    [Fact]
    public void Of_Finding_SaysWhatTheReportSays()
    {
        var json = Messages(ToldReports.Report(Fresh), new FindingChanges([Fresh], []))[0].Json;

        Assert.Equal(
            ("title of BA103", "occurrence", "occurrence is wrong.", "Mend `occurrence`.", "x/y@sha256:1", "2026-11-26T06:00:00.000Z", "2026-11-26T06:00:00.000Z", Folder, "acme-prod"),
            ((string?)json["title"], (string?)json["resource"], (string?)json["detail"], (string?)json["remedy"], (string?)json["image"], (string?)json["since"], (string?)json["time"], (string?)json["report"], (string?)json["project"]));
    }

    [Fact]
    public void Of_Report_CountsAndAnchorsTheChain()
    {
        var report = ToldReports.Report(Fresh, Gone, ToldReports.Finding("BA106", "n", AuditSeverity.Note));
        report = report with { Rules = [.. report.Rules, ToldReports.Rule("BA502", RuleStatus.NotAssessed)] };

        var json = Messages(report, new FindingChanges([Fresh, Gone], [Gone]))[^1].Json;

        Assert.Equal("""{"note":1,"low":1,"medium":0,"high":1,"critical":0}""", json["findings"]!.ToJsonString());
        Assert.Equal((2, 1, 7, """["BA502"]"""), ((int)json["new"]!, (int)json["resolved"]!, (int)json["sequence"]!, json["notAssessed"]!.ToJsonString()));
        Assert.Equal(($"{Folder}/statement.dsse.json", $"sha256:{new string('a', 64)}"), ((string?)json["statement"], (string?)json["digest"]));
    }

    [Theory]
    [InlineData(nameof(AuditSeverity.Critical), true, "failed")]
    [InlineData(nameof(AuditSeverity.High), false, "failed")]
    [InlineData(nameof(AuditSeverity.Medium), true, "passed")]
    [InlineData(nameof(AuditSeverity.Medium), false, "incomplete")]
    public void VerdictOf_WorstAndCompleteness_IsInOneWord(string severity, bool complete, string verdict)
    {
        var report = ToldReports.Report(ToldReports.Finding("BA103", "a", Enum.Parse<AuditSeverity>(severity)));
        report = complete ? report : report with { Rules = [.. report.Rules, ToldReports.Rule("BA502", RuleStatus.NotAssessed)] };

        Assert.Equal(verdict, FindingMessages.VerdictOf(report));
    }

    [Fact]
    public void VerdictOf_NothingFound_IsPassed() => Assert.Equal("passed", FindingMessages.VerdictOf(ToldReports.Report()));

    [Fact]
    public void Of_TextFromOutside_IsCutAndKeepsToTheSchema() => Assert.All(new[] { "", "\"},{\"state\":\"resolved\"", "\ud800 half", "one\r\n\0two", new string('x', 100_000) }, text =>
    {
        var finding = new AuditFinding("BA103", AuditSeverity.High, text, text, text) { Image = text };
        var message = Messages(ToldReports.Report(finding), new FindingChanges([finding], []))[0];

        Assert.True(message.IsValid);
        Assert.Equal("new", (string?)message.Json["state"]);
        Assert.InRange(((string)message.Json["detail"]!).Length, 0, FindingMessages.LongestText);
    });

    [Fact]
    public void Of_RuleThatTheReportDoesNotList_HasNoTitle()
    {
        var finding = ToldReports.Finding("BA199", "a");

        Assert.Equal("", (string?)Messages(ToldReports.Report(), new FindingChanges([], [finding]))[0].Json["title"]);
    }

    private static (JsonNode Json, IReadOnlyDictionary<string, string> Attributes, bool IsValid)[] Messages(AuditReport report, FindingChanges changes) =>
        [.. FindingMessages.Of(ToldReports.Stored(report), changes).Select(message => (JsonNode.Parse(message.Data)!, message.Attributes, Schema.Evaluate(JsonDocument.Parse(message.Data).RootElement).IsValid))];
}
