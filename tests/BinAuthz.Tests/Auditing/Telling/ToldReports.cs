using BinAuthz.Auditing;
using BinAuthz.Auditing.Reports;

namespace BinAuthz.Tests.Auditing.Telling;

/// <summary>Reports with the findings that a test needs.</summary>
internal static class ToldReports
{
    public static readonly DateTimeOffset Time = new(2026, 11, 26, 6, 0, 0, TimeSpan.Zero);

    public static AuditFinding Finding(string rule, string resource, AuditSeverity severity = AuditSeverity.High) => new(rule, severity, resource, $"{resource} is wrong.", $"Mend `{resource}`.");

    public static ReportedRule Rule(string id, RuleStatus status, long count = 0) => new(id, $"title of {id}", AuditSeverity.High, status, count, "");

    /// <summary>A report in which every rule that has findings failed.</summary>
    public static AuditReport Report(params AuditFinding[] findings) => new(
        "production", "acme-prod", Time, Time - TimeSpan.FromDays(1), [.. new[] { "BA101", "BA103", "BA106", "BA501" }.Select(id => Rule(id, findings.Any(finding => finding.Rule == id) ? RuleStatus.Failed : RuleStatus.Passed, findings.Count(finding => finding.Rule == id)))], findings, [], null, []);

    public static PreviousAudit Stored(AuditReport report) => new(new PreviousReport("audits/production/20261126T060000Z/statement.dsse.json", $"sha256:{new string('a', 64)}", 7), report);
}
