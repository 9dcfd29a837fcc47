using System.Globalization;
using BinAuthz.Denials;

namespace BinAuthz.Alerting;

/// <summary>Writes the messages. What comes from a log is cut to one line where a line is asked for, and otherwise left as it is: a channel escapes it.</summary>
internal static class AlertComposer
{
    /// <summary>How many things a digest names; it counts them all.</summary>
    public const int MaximumItems = 50;

    private const int LongestTitle = 300;

    /// <summary>The first alert of a window.</summary>
    public static Alert First(Finding finding, Diagnosis diagnosis, AlertSubject subject, AlertWindow window, DateTimeOffset at) => new(
        window.MessageId("first"),
        AlertStage.First,
        finding.Kind,
        AlertSeverities.Of(finding, diagnosis.Cause, subject.Environment),
        subject.Environment,
        Line($"{What(finding, diagnosis.Cause)}{Where(finding)} ({diagnosis.Cause})"),
        $"{diagnosis.Detail} {diagnosis.Remedy}".Trim(),
        diagnosis.Command,
        1,
        at,
        at)
    {
        Cause = diagnosis.Cause,
        Group = window.Group,
        Facts = [.. Facts(finding, diagnosis).Where(fact => fact.Value.Length > 0)],
        Message = finding.Message,
    };

    /// <summary>How often it has happened in its window.</summary>
    public static Alert Summary(AlertClaim claim, AlertCount all) => claim.First with
    {
        Id = claim.Window.MessageId(string.Create(CultureInfo.InvariantCulture, $"summary.{all.Entries}")),
        Stage = AlertStage.Summary,
        Title = Line($"{Times(all)}: {claim.First.Title}"),
        Detail = $"The log has it {Times(all)}, from {Minute(all.From)} to {Minute(all.Until)}. {claim.First.Detail}",
        Count = all.Entries,
        From = all.From,
        Until = all.Until,
    };

    /// <summary>Many windows of one environment, kind and severity at once.</summary>
    /// <param name="id">The message's id.</param>
    /// <param name="counted">At least one window, each with how often it has happened.</param>
    public static Alert Digest(string id, IReadOnlyList<(Alert First, AlertCount Count)> counted)
    {
        var first = counted[0].First;
        var sum = counted.Sum(each => each.Count.Entries);
        var (from, until) = (counted.Min(each => each.Count.From), counted.Max(each => each.Count.Until));
        var rest = counted.Count > MaximumItems ? string.Create(CultureInfo.InvariantCulture, $" The {MaximumItems} most frequent are listed.") : "";
        return new Alert(
            id,
            AlertStage.Digest,
            first.Kind,
            first.Severity,
            first.Environment,
            Line(string.Create(CultureInfo.InvariantCulture, $"{counted.Count} more alerts of kind {AlertNames.Of(first.Kind)} in {first.Environment}, {sum} log entries")),
            $"There were more different alerts at once than are sent one by one. These are the others, from {Minute(from)} to {Minute(until)}; the alerts topic has each of them.{rest}",
            "",
            sum,
            from,
            until)
        {
            Group = id,
            Items = [.. counted.OrderByDescending(each => each.Count.Entries).ThenBy(each => each.First.Title, StringComparer.Ordinal).Take(MaximumItems)
                .Select(each => $"{Times(each.Count)}: {each.First.Title}")],
        };
    }

    private static string What(Finding finding, DiagnosisCause cause) => finding.Kind switch
    {
        FindingKind.Denial => $"Denied: {finding.Image}",
        FindingKind.DryRunDenial => $"Would be denied: {finding.Image}",
        FindingKind.BreakGlass => $"Break-glass was used: {finding.Image}",
        FindingKind.FailOpen => $"Admitted unchecked: {finding.Image}",
        FindingKind.CheckFailed => $"Could not be checked: {finding.Image}",
        FindingKind.ContinuousValidation when cause == DiagnosisCause.PlatformPolicyMisconfigured => "A platform policy cannot be evaluated",
        FindingKind.ContinuousValidation => $"Runs against the platform policy: {finding.Image}",
        FindingKind.TrustChange when cause == DiagnosisCause.KeyRevoked => $"A compromised key was revoked: {finding.Change?.Resource}",
        FindingKind.AuditFinding => $"The audit found: {finding.Audit?.Title} ({finding.Audit?.Resource})",
        _ => $"What is trusted was changed: {finding.Change?.Method} {finding.Change?.Resource}",
    };

    private static string Where(Finding finding)
    {
        string[] parts = [finding.Source.Place, finding.Namespace.Length > 0 ? $"namespace {finding.Namespace}" : "", finding.Workload];
        var where = string.Join(", ", parts.Where(part => part.Length > 0));
        var who = finding.Kind is FindingKind.TrustChange or FindingKind.BreakGlass && finding.Principal.Length > 0 ? $" by {finding.Principal}" : "";
        return (where.Length > 0 ? $" in {where}" : "") + who;
    }

    private static IEnumerable<KeyValuePair<string, string>> Facts(Finding finding, Diagnosis diagnosis) =>
    [
        KeyValuePair.Create("image", finding.Image ?? ""),
        KeyValuePair.Create("project", finding.Source.Project),
        KeyValuePair.Create("cluster", finding.Source.Place),
        KeyValuePair.Create("namespace", finding.Namespace),
        KeyValuePair.Create("workload", finding.Workload),
        KeyValuePair.Create("principal", finding.Principal),
        KeyValuePair.Create("attestors", string.Join(", ", finding.Attestors)),
        KeyValuePair.Create("commit", diagnosis.Commit),
        KeyValuePair.Create("resource", finding.Change?.Resource ?? finding.Audit?.Resource ?? ""),
        KeyValuePair.Create("rule", finding.Audit?.Rule ?? ""),
        KeyValuePair.Create("report", finding.Audit?.Report ?? ""),
        KeyValuePair.Create("method", finding.Change?.Method ?? ""),
        KeyValuePair.Create("justification", finding.Justification),
        KeyValuePair.Create("codes", string.Join(", ", diagnosis.RefusalCodes)),
        KeyValuePair.Create("logEntry", $"{finding.Source.LogName} {finding.Source.InsertId}"),
    ];

    private static string Times(AlertCount count) => count.Entries == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{count.Entries} times");

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Line(string text)
    {
        var line = string.Concat(text.Select(each => char.IsControl(each) || each is '\u2028' or '\u2029' ? ' ' : each));
        return line.Length <= LongestTitle ? line : line[..(LongestTitle - 1)] + '…';
    }
}
