namespace BinAuthz.Auditing.Reports.Html;

/// <summary>The verdict and what it stands on.</summary>
internal static class HtmlVerdict
{
    /// <summary>The section.</summary>
    public static Markup Section(AuditReport report) => Markup.Of($"""
        <section id="verdict" aria-labelledby="verdict-title">
        {Verdict(report)}
        <dl class="facts">
        <div><dt>Environment</dt><dd>{report.Environment}</dd></div>
        <div><dt>Project of the attestors</dt><dd>{report.Project}</dd></div>
        <div><dt>Made</dt><dd>{HtmlText.Time(report.Time)}</dd></div>
        <div><dt>Events since</dt><dd>{HtmlText.Time(report.Since)}</dd></div>
        <div class="wide"><dt>Position in the chain</dt><dd>{Chain(report.Previous)}</dd></div>
        </dl>
        <dl class="facts figures">{Figures(report)}</dl>
        </section>
        """);

    /// <summary>The verdict as a list of reports shows it: its class in the style sheet, and its words.</summary>
    public static (string Class, string Title) Of(AuditReport report)
    {
        var notAssessed = report.Rules.Count(rule => rule.Status == RuleStatus.NotAssessed);
        var isFound = report.Rules.Any(rule => rule.Count > 0 && rule.Severity > AuditSeverity.Note) || report.Worst > AuditSeverity.Note;
        return (notAssessed, isFound) switch
        {
            (_, true) => (ReportWords.Of(Worst(report)), notAssessed == 0 ? "Findings" : "Findings, and not everything was assessed"),
            ( > 0, false) => ("not_assessed", "Not everything was assessed"),
            _ when report.Rules.Count == 0 => ("not_assessed", "Nothing was assessed"),
            _ => ("passed", "Passed"),
        };
    }

    // Findings may be counted and not named.
    private static AuditSeverity Worst(AuditReport report) =>
        report.Worst ?? report.Rules.Where(rule => rule.Count > 0).Max(rule => rule.Severity);

    private static Markup Verdict(AuditReport report)
    {
        var (style, title) = Of(report);
        return Markup.Of($"""
            <div class="verdict {style}">
            <h2 id="verdict-title">{title}</h2>
            <p>{Sentence(report)}</p>
            </div>
            """);
    }

    private static string Sentence(AuditReport report)
    {
        var found = report.Rules.Sum(rule => rule.Count);
        var notAssessed = report.Rules.Count(rule => rule.Status == RuleStatus.NotAssessed);
        var assessed = report.Rules.Count - notAssessed;
        return (found, notAssessed) switch
        {
            (0, 0) => $"{HtmlText.Count(assessed, "rule was", "rules were")} assessed, and none found anything.",
            (0, _) => $"{HtmlText.Count(assessed, "rule was", "rules were")} assessed and found nothing. {NotKnown(notAssessed)}",
            (_, 0) => $"{HtmlText.Count(assessed, "rule was", "rules were")} assessed. {Found(report, found)}",
            _ => $"{HtmlText.Count(assessed, "rule was", "rules were")} assessed. {Found(report, found)} {NotKnown(notAssessed)}",
        };
    }

    private static string Found(AuditReport report, long found) =>
        $"{HtmlText.Count(found, "finding", "findings")}, the worst {(found == 1 ? "and only one " : "")}is {ReportWords.Of(Worst(report))}.";

    private static string NotKnown(int notAssessed) =>
        $"{HtmlText.Count(notAssessed, "rule", "rules")} could not be assessed, so it is not known whether {(notAssessed == 1 ? "it passes" : "they pass")}.";

    private static Markup Chain(PreviousReport? previous) => previous is null
        ? Markup.Of($"1, the first report")
        : Markup.Of($"{previous.Sequence + 1}, after <code class=\"name\">{previous.Name}</code>");

    private static Markup Figures(AuditReport report)
    {
        var coverage = report.Coverage;
        var tallied = report.Attestors.Where(attestor => attestor is { Attestations: not null, Valid: not null }).ToArray();
        return Markup.Of(
        [
            Figure("Coverage", coverage is null ? null : $"{HtmlText.Number(coverage.Percent)} %", "of stored and running images"),
            Figure("Stored images attested", coverage is null ? null : Of(coverage.StoredAttested, coverage.Stored), "in protected repositories"),
            Figure("Running images attested", coverage is null ? null : Of(coverage.RunningAttested, coverage.Running), "in pods"),
            Figure(
                "Attestations that count",
                tallied.Length == 0 || tallied.Length < report.Attestors.Count ? null : Of(tallied.Sum(attestor => attestor.Valid!.Value), tallied.Sum(attestor => attestor.Attestations!.Value)),
                "each verified with the attestor's keys"),
            Figure("Oldest trusted key", report.Trend is [.., { OldestKeyAge: { } days }] ? HtmlText.Count((long)days, "day", "days") : null, "of all attestors"),
            Figure("Rules passed", Of(report.Rules.Count(rule => rule.Status == RuleStatus.Passed), report.Rules.Count), "each is listed below"),
        ]);
    }

    private static Markup Figure(string name, string? value, string about) =>
        Markup.Of($"<div><dt>{name}</dt><dd{(value is null ? new Markup(" class=\"not_assessed\"") : Markup.None)}>{value ?? "not known"}<span>{about}</span></dd></div>\n");

    private static string Of(long part, long all) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{part:N0} of {all:N0}");
}
