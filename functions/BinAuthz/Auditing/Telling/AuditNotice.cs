using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BinAuthz.Auditing.Reports;
using BinAuthz.Denials;
using BinAuthz.GoogleCloud;
using BinAuthz.Rotation;
using Google.Cloud.Logging.Type;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Auditing.Telling;

/// <summary>
/// Tells people of new findings: entries of the log <c>binauthz</c> in the attestors' project, which the sink of alerts takes.
/// The worst are told one by one, so many; one more entry counts the rest. A note is told by the report and the topic alone, and
/// so is what was resolved: nobody has to be woken for it.
/// </summary>
internal sealed class AuditNotice(LoggingClient logging)
{
    /// <summary>How many findings are told one by one.</summary>
    public const int MaximumFindings = 50;

    /// <summary>Writes the entries; the same ones whenever the same report is told again.</summary>
    /// <exception cref="GoogleCallException">They were not taken.</exception>
    public async Task WriteAsync(PreviousAudit stored, FindingChanges changes, CancellationToken cancellationToken)
    {
        var notices = Compose(stored, changes);
        if (notices.Count > 0)
        {
            await logging.WriteAsync(stored.Report.Project, RevocationNotice.LogId, notices, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The entries.</summary>
    public static IReadOnlyList<LogNotice> Compose(PreviousAudit stored, FindingChanges changes)
    {
        AuditFinding[] told = [.. changes.New.Where(finding => finding.Severity != AuditSeverity.Note).OrderByDescending(finding => finding.Severity)];
        var titles = stored.Report.Rules.ToDictionary(rule => rule.Id, rule => rule.Title);
        return
        [
            .. told.Take(MaximumFindings).Select(finding => Notice(stored, titles.GetValueOrDefault(finding.Rule, ""), finding)),
            .. told.Length > MaximumFindings ? [Rest(stored, told[MaximumFindings..])] : Array.Empty<LogNotice>(),
        ];
    }

    private static LogNotice Rest(PreviousAudit stored, AuditFinding[] rest)
    {
        var counts = rest.CountBy(finding => finding.Severity).OrderByDescending(each => each.Key)
            .Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Value} {ReportWords.Of(each.Key)}"));
        var finding = new AuditFinding(
            "",
            rest[0].Severity,
            stored.Link.Folder,
            $"There are more new findings than are told one by one: {string.Join(", ", counts)}.",
            $"Read them in the report, gs://BUCKET/{stored.Link.Folder}/report.html in the evidence bucket, or on the topic of findings.");
        return Notice(stored, string.Create(CultureInfo.InvariantCulture, $"{rest.Length} more new findings"), finding);
    }

    private static LogNotice Notice(PreviousAudit stored, string title, AuditFinding finding)
    {
        var payload = new Struct
        {
            Fields =
            {
                ["event"] = Value.ForString(AuditFindingReader.Event),
                ["environment"] = Value.ForString(stored.Report.Environment),
                ["report"] = Value.ForString(stored.Link.Folder),
                ["rule"] = Value.ForString(finding.Rule),
                ["severity"] = Value.ForString(ReportWords.Of(finding.Severity)),
                ["fingerprint"] = Value.ForString(finding.Fingerprint),
                ["title"] = Value.ForString(title),
                ["resource"] = Value.ForString(Text(finding.Resource, LoggedText.MaximumName)),
                ["detail"] = Value.ForString(Text(finding.Detail, LoggedText.MaximumMessage)),
                ["remedy"] = Value.ForString(Text(finding.Remedy, LoggedText.MaximumMessage)),
            },
        };
        if (finding.Image is { } image)
        {
            payload.Fields["image"] = Value.ForString(Text(image, LoggedText.MaximumName));
        }

        return new LogNotice(InsertId(stored, finding), SeverityOf(finding.Severity), stored.Report.Time, payload);
    }

    // Protobuf's texts are UTF-8, in which half a character cannot be written.
    private static string Text(string text, int longest) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(LoggedText.Cut(text, longest)));

    // An id has no slash, and reports of several environments are in one log.
    private static string InsertId(PreviousAudit stored, AuditFinding finding) =>
        $"{AuditFindingReader.Event}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{stored.Link.Folder}\n{finding.Fingerprint}")).AsSpan(0, 16))}";

    private static LogSeverity SeverityOf(AuditSeverity severity) => severity switch
    {
        AuditSeverity.Critical => LogSeverity.Critical,
        AuditSeverity.High => LogSeverity.Error,
        AuditSeverity.Medium => LogSeverity.Warning,
        _ => LogSeverity.Notice,
    };
}
