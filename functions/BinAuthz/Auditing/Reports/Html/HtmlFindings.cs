namespace BinAuthz.Auditing.Reports.Html;

/// <summary>What was found, the worst first.</summary>
internal static class HtmlFindings
{
    /// <summary>The section.</summary>
    public static Markup Section(AuditReport report, IReadOnlyList<FindingGroup> groups)
    {
        // The same thing may be found twice by a rule; an id must be there once.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return Markup.Of($"""
            <section id="findings" aria-labelledby="findings-title">
            <h2 id="findings-title">Findings</h2>
            {(groups.Count > 0 ? Markup.None : Markup.Of($"<p>{(report.IsComplete ? "None." : "None in what could be assessed.")}</p>"))}
            {groups.GroupBy(group => group.Severity).Select(severity => Severity(severity.Key, [.. severity], seen))}
            </section>
            """);
    }

    /// <summary>The badge of a severity.</summary>
    public static Markup Badge(AuditSeverity severity) => Markup.Of($"<span class=\"badge {ReportWords.Of(severity)}\">{ReportWords.Of(severity)}</span>");

    /// <summary>A name of evidence; an object of Cloud Storage can be looked at in the console, where the reader's own rights count.</summary>
    public static Markup Evidence(string name) => ConsoleAddress(name) is { } address
        ? Markup.Of($"<a href=\"{address}\" rel=\"noreferrer noopener\">{HtmlText.Name(name)}</a>")
        : HtmlText.Name(name);

    private static Markup Severity(AuditSeverity severity, FindingGroup[] groups, HashSet<string> seen) => Markup.Of($"""
        <h3 id="severity-{ReportWords.Of(severity)}" class="{ReportWords.Of(severity)}">{Title(severity)} · {groups.Sum(group => group.Count)}</h3>
        {groups.Select(group => Group(group, seen))}
        """);

    private static string Title(AuditSeverity severity) => severity switch
    {
        AuditSeverity.Critical => "Critical: the gate is open, or what it trusts is not the team's own",
        AuditSeverity.High => "High: the gate is weaker than it is said to be",
        AuditSeverity.Medium => "Medium: to be mended in the coming days",
        AuditSeverity.Low => "Low: to be tidied up at leisure",
        _ => "Notes: nothing has to be done",
    };

    private static Markup Group(FindingGroup group, HashSet<string> seen) => Markup.Of($"""
        <div class="group" id="{group.Anchor}">
        <h4><a href="#rule-{group.Rule.Id}">{group.Rule.Id}</a> {group.Rule.Title} <span class="soft">· {HtmlText.Count(group.Count, "finding", "findings")}</span></h4>
        <p class="soft small">{HtmlText.Prose(group.Rule.Rationale)}</p>
        {group.Findings.Select(finding => Finding(finding, seen))}
        {(group.More == 0 ? Markup.None : Markup.Of($"<p>And {group.More} more{Where(group)}.</p>\n"))}
        </div>
        """);

    private static string Where(FindingGroup group) => group.Findings.Count < HtmlReport.NamedPerRule
        ? ", which are counted and not named"
        : "; report.json and findings.csv name those that are not only counted";

    private static Markup Finding(AuditFinding finding, HashSet<string> seen) => Markup.Of($"""
        <div class="finding"{(seen.Add(finding.Fingerprint) ? Markup.Of($" id=\"f-{finding.Fingerprint}\"") : Markup.None)}>
        <h5>{Badge(finding.Severity)} {HtmlText.Name(finding.Resource)}</h5>
        <p>{HtmlText.Prose(finding.Detail)}</p>
        <dl>
        <div><dt>Remedy</dt><dd>{HtmlText.Prose(finding.Remedy)}</dd></div>
        {(finding.Image is null || finding.Image == finding.Resource ? Markup.None : Markup.Of($"<div><dt>Image</dt><dd>{HtmlText.Name(finding.Image)}</dd></div>\n"))}
        {(finding.Since is { } since ? Markup.Of($"<div><dt>Since</dt><dd>{HtmlText.Time(since)}</dd></div>\n") : Markup.None)}
        {(finding.Evidence.Count == 0 ? Markup.None : Markup.Of($"<div><dt>Evidence</dt><dd><ul>{finding.Evidence.Select(link => Markup.Of($"<li>{link.Kind}: {Evidence(link.Name)}</li>"))}</ul></dd></div>\n"))}
        </dl>
        </div>

        """);

    private static string? ConsoleAddress(string name)
    {
        const string Scheme = "gs://";
        if (!name.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return null;
        }

        var parts = name[Scheme.Length..].Split('/');
        var isObject = parts.Length > 1 && parts[0].Length > 0 && parts[0].All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '_' or '.');
        return isObject ? $"https://console.cloud.google.com/storage/browser/_details/{string.Join('/', parts.Select(Uri.EscapeDataString))}" : null;
    }
}
