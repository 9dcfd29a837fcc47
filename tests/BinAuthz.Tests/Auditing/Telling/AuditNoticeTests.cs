using System.Text;
using BinAuthz.Alerting;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Telling;
using BinAuthz.Denials;
using BinAuthz.GoogleCloud;
using Google.Cloud.Logging.Type;
using Google.Protobuf;

namespace BinAuthz.Tests.Auditing.Telling;

/// <summary>The log entries of new findings, and what alerting makes of them.</summary>
public sealed class AuditNoticeTests
{
    private const string Image = "us-docker.pkg.dev/acme-prod/apps/web@sha256:ceffe727ab2fa2c7c3322ee4a1aa0c2d2a4664836c2133df93dd15055bb617be";

    [Theory]
    [InlineData(nameof(AuditSeverity.Critical), nameof(LogSeverity.Critical), nameof(AlertSeverity.Critical))]
    [InlineData(nameof(AuditSeverity.High), nameof(LogSeverity.Error), nameof(AlertSeverity.Error))]
    [InlineData(nameof(AuditSeverity.Medium), nameof(LogSeverity.Warning), nameof(AlertSeverity.Warning))]
    [InlineData(nameof(AuditSeverity.Low), nameof(LogSeverity.Notice), nameof(AlertSeverity.Info))]
    public void Compose_Finding_IsLoggedAndAlertedAsSevereAsItIs(string severity, string logged, string alerted)
    {
        var finding = ToldReports.Finding("BA103", "projects/acme-prod/occurrences/o", Enum.Parse<AuditSeverity>(severity)) with { Image = Image };

        var notice = Assert.Single(Compose(finding));
        var read = Assert.Single(Read(notice).Findings);

        Assert.Equal((Enum.Parse<LogSeverity>(logged), ToldReports.Time), (notice.Severity, notice.Time));
        Assert.Equal((FindingKind.AuditFinding, Image, "acme-prod"), (read.Kind, read.Image, read.Source.Project));
        Assert.Equal(
            new AuditedFinding("audits/production/20261126T060000Z", "BA103", severity.ToLowerInvariant(), finding.Fingerprint, finding.Resource)
            {
                Environment = "production",
                Title = "title of BA103",
                Detail = finding.Detail,
                Remedy = finding.Remedy,
            },
            read.Audit);
        Assert.Equal(Enum.Parse<AlertSeverity>(alerted), AlertSeverities.Of(read, DiagnosisCause.FoundByAudit, "production"));
    }

    [Fact]
    public void Compose_NoteAndResolved_AreToldByNoEntry() =>
        Assert.Empty(AuditNotice.Compose(ToldReports.Stored(ToldReports.Report()), new FindingChanges([ToldReports.Finding("BA106", "a", AuditSeverity.Note)], [ToldReports.Finding("BA103", "b")])));

    [Fact]
    public void Compose_ManyFindings_TellsTheWorstAndCountsTheRest()
    {
        AuditFinding[] findings =
        [
            .. Enumerable.Range(0, 60).Select(index => ToldReports.Finding("BA101", $"low {index}", AuditSeverity.Low)),
            ToldReports.Finding("BA103", "bad", AuditSeverity.Critical),
        ];

        var notices = Compose(findings);

        Assert.Equal(AuditNotice.MaximumFindings + 1, notices.Count);
        Assert.Equal("bad", notices[0].Payload.Fields["resource"].StringValue);
        var rest = Assert.Single(Read(notices[^1]).Findings).Audit!;
        Assert.Equal(("", "low", "11 more new findings", "There are more new findings than are told one by one: 11 low."), (rest.Rule, rest.Severity, rest.Title, rest.Detail));
    }

    [Fact]
    public void Compose_AsManyAsAreTold_CountsNoRest() =>
        Assert.Equal(AuditNotice.MaximumFindings, Compose([.. Enumerable.Range(0, AuditNotice.MaximumFindings).Select(index => ToldReports.Finding("BA103", $"{index}"))]).Count);

    [Fact]
    public void Compose_RestOfSeveralSeverities_IsAsSevereAsItsWorst()
    {
        AuditFinding[] findings =
        [
            .. Enumerable.Range(0, 52).Select(index => ToldReports.Finding("BA103", $"{index}", AuditSeverity.High)),
            ToldReports.Finding("BA101", "x", AuditSeverity.Low),
        ];

        var rest = Compose(findings)[^1];

        Assert.Equal((LogSeverity.Error, "There are more new findings than are told one by one: 2 high, 1 low."), (rest.Severity, rest.Payload.Fields["detail"].StringValue));
    }

    [Fact]
    public void Compose_Again_GivesTheSameIdsAndOtherReportsOthers()
    {
        var (one, two) = (ToldReports.Finding("BA103", "a"), ToldReports.Finding("BA103", "b"));
        var stored = ToldReports.Stored(ToldReports.Report());
        var staging = stored with { Link = stored.Link with { Name = "audits/staging/20261126T060000Z/statement.dsse.json" } };

        string[] ids = [.. new[] { stored, staging }.SelectMany(report => AuditNotice.Compose(report, new FindingChanges([one, two], []))).Select(notice => notice.InsertId)];

        Assert.Equal(4, ids.Distinct().Count());
        Assert.Equal(ids[..2], Compose(one, two).Select(notice => notice.InsertId));
        Assert.All(ids, id => Assert.Matches("^AuditFinding-[0-9a-f]{32}$", id));
    }

    [Fact]
    public void Compose_TextFromOutside_IsCutAndCanBeRead() => Assert.All(new[] { "\ud800 half", "\"},{\"event\":\"KeyRevoked\"", new string('ä', 100_000) }, text =>
    {
        var finding = new AuditFinding("BA103", AuditSeverity.High, text, text, text) { Image = text };

        var read = Assert.Single(Read(Assert.Single(Compose(finding))).Findings);

        Assert.InRange(read.Audit!.Detail.Length, 1, LoggedText.MaximumMessage);
        Assert.InRange(read.Audit.Resource.Length, 1, LoggedText.MaximumName);
        Assert.Equal(finding.Fingerprint, read.Audit.Fingerprint);
    });

    private static IReadOnlyList<LogNotice> Compose(params AuditFinding[] findings) => AuditNotice.Compose(ToldReports.Stored(ToldReports.Report(findings)), new FindingChanges(findings, []));

    // As the sink delivers it.
    private static LogReading Read(LogNotice notice)
    {
        var payload = JsonFormatter.Default.Format(notice.Payload);
        return LogEntryReader.Read(Encoding.UTF8.GetBytes($$$"""{"logName":"projects/acme-prod/logs/binauthz","insertId":"{{{notice.InsertId}}}","timestamp":"2026-11-26T06:00:00Z","resource":{"type":"global","labels":{"project_id":"acme-prod"}},"jsonPayload":{{{payload}}}}"""));
    }
}
