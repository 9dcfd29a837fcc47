using System.Text.RegularExpressions;
using BinAuthz.Approval.Pushes;

namespace BinAuthz.Denials;

/// <summary>
/// Reads what the audit tells of a finding. Whoever may write log entries in the project can write such a one: it alerts, and
/// decides nothing. A note is told by no entry.
/// </summary>
internal static partial class AuditFindingReader
{
    /// <summary>What the field <c>event</c> of the entry says.</summary>
    public const string Event = "AuditFinding";

    /// <summary>Whether an entry of that log is meant to be one.</summary>
    public static bool IsMeant(LoggedEntry entry) => entry.Json.Member("jsonPayload").Text("event") == Event;

    /// <summary>Reads an entry of that log.</summary>
    public static LogReading Read(LoggedEntry entry)
    {
        var payload = entry.Json.Member("jsonPayload");
        var (report, fingerprint) = (payload.Text("report"), payload.Text("fingerprint"));
        if (!ReportName().IsMatch(report) || !Fingerprint().IsMatch(fingerprint) || payload.Text("severity") is not ("low" or "medium" or "high" or "critical"))
        {
            return LogReading.None("it does not tell of what an audit found");
        }

        var image = payload.Text("image");
        return LogReading.Of(new Finding(
            FindingKind.AuditFinding,
            entry.Source(FindingPlatform.Administration, null),
            image.Length is > 0 and <= LoggedText.MaximumName ? image : null,
            LoggedText.Cut(payload.GetRawText(), LoggedText.MaximumMessage))
        {
            Audit = new AuditedFinding(report, LoggedText.Cut(payload.Text("rule"), LoggedText.MaximumName), payload.Text("severity"), fingerprint, LoggedText.Cut(payload.Text("resource"), LoggedText.MaximumName))
            {
                Environment = LoggedText.Cut(payload.Text("environment"), LoggedText.MaximumName),
                Title = LoggedText.Cut(payload.Text("title"), LoggedText.MaximumName),
                Detail = LoggedText.Cut(payload.Text("detail"), LoggedText.MaximumMessage),
                Remedy = LoggedText.Cut(payload.Text("remedy"), LoggedText.MaximumMessage),
            },
        });
    }

    [GeneratedRegex(@"\Aaudits/[a-z][a-z0-9-]{0,29}/[0-9]{8}T[0-9]{6}Z\z")]
    private static partial Regex ReportName();

    [GeneratedRegex(@"\A[0-9a-f]{32}\z")]
    private static partial Regex Fingerprint();
}
