using BinAuthz.Auditing;
using BinAuthz.Auditing.Archive;
using BinAuthz.Auditing.Reports;
using BinAuthz.Auditing.Reports.Html;

namespace BinAuthz.Cli.Auditing.Serving;

/// <summary>The pages around the reports: the list, the difference between two, and what cannot be shown.</summary>
internal static class ReportPages
{
    /// <summary>All reports, the newest first, whether their chain is whole, and how they went.</summary>
    /// <param name="environment">Whose.</param>
    /// <param name="place">Where they are.</param>
    /// <param name="verdict">What verifying them found.</param>
    /// <param name="from">The report that others are compared with; null: none was chosen.</param>
    public static Markup List(string environment, string place, ChainVerdict verdict, ReportName? from)
    {
        var trend = verdict.Found.Where(found => found.Report?.Trend.Count > 0).Select(found => found.Report!.Trend[^1] with { Time = found.Name.Time }).ToArray();
        return Page($"Audits of {environment}", "Binary Authorization audit", Markup.Of($"""
            <section id="chain" aria-labelledby="chain-title">
            {Chain(verdict)}
            </section>
            {HtmlTrend.Section([.. trend.TakeLast(AuditReport.MaximumTrend)])}
            <section id="reports" aria-labelledby="reports-title">
            <h2 id="reports-title">Reports</h2>
            {(from is null ? Markup.None : Markup.Of($"<p>Compare <code>{from.Id}</code> with another report, or <a href=\"/#reports\">choose anew</a>.</p>"))}
            <div class="scroll" role="region" tabindex="0" aria-label="The list of reports">
            <table id="report-list">
            <caption>The newest first, of <code class="name">{place}</code>.</caption>
            <thead><tr><th scope="col">Report</th><th scope="col" class="number">Number</th><th scope="col">Verdict</th><th scope="col" class="number">Findings</th><th scope="col" class="number">Coverage, %</th><th scope="col">Difference</th></tr></thead>
            <tbody>
            {Rows(verdict.Found, from).Reverse()}
            </tbody>
            </table>
            </div>
            </section>
            """));
    }

    /// <summary>The difference between two reports.</summary>
    public static Markup Diff(AuditReport before, AuditReport now)
    {
        var diff = ReportDiff.Of(before, now);
        var (earlier, later) = (ReportName.Of(before), ReportName.Of(now));
        return Page($"Difference of {earlier.Id} and {later.Id}", $"{now.Environment} · {now.Project}", Markup.Of($"""
            <section id="difference" aria-labelledby="difference-title">
            <h2 id="difference-title">{HtmlText.Count(diff.New.Count, "new finding", "new findings")}, {diff.Resolved.Count} resolved, {diff.Changed.Count} changed</h2>
            <p>From <a href="/reports/{earlier.Id}">{HtmlText.Time(before.Time)}</a> to <a href="/reports/{later.Id}">{HtmlText.Time(now.Time)}</a>; {diff.Unchanged} unchanged.</p>
            </section>
            {Section("new", "New", diff.New.Select(finding => Finding(finding, null)))}
            {Section("changed", "Changed", diff.Changed.Select(each => Finding(each.Now, each.Before)))}
            {Section("unknown", "Not looked at again", diff.Unknown.Select(finding => Finding(finding, null)))}
            {Section("resolved", "Resolved", diff.Resolved.Select(finding => Finding(finding, null)))}
            """));
    }

    /// <summary>A report that is not shown, and why.</summary>
    public static Markup Unproven(VerifiedReport found) => Page($"Report {found.Name.Id}", "This report does not verify", Markup.Of($"""
        <section id="verdict" aria-labelledby="verdict-title">
        <div class="verdict critical"><h2 id="verdict-title">Not shown</h2>
        <p>{(found.HasStatement ? "It is not what was signed, or nobody can tell who signed it." : "The run was stopped before it signed this report, so that it is none.")}</p></div>
        {Faults(found.Faults)}
        </section>
        """));

    /// <summary>Something that cannot be shown.</summary>
    public static Markup Problem(string title, string detail) => Page(title, "Binary Authorization audit", Markup.Of($"<section><p>{detail}</p></section>"));

    private static Markup Page(string title, string about, Markup main) => HtmlPage.Of(title, Markup.Of($"""
        <header>
        <p class="eyebrow">{about}</p>
        <h1>{title}</h1>
        <nav aria-label="Pages"><ul><li><a href="/">All reports</a></li></ul></nav>
        </header>
        <main id="main">
        {main}
        </main>
        <footer><p>Shown by <code>binauthz audit serve</code>, on this machine alone. Each report is verified before it is shown.</p></footer>
        """));

    private static Markup Chain(ChainVerdict verdict) => verdict.Faults.Count == 0
        ? Markup.Of($"""
            <div class="verdict passed"><h2 id="chain-title">The chain is whole</h2>
            <p>{HtmlText.Count(verdict.Reports.Count, "report is", "reports are")} signed, and none up to the last was altered or removed. Whether newer ones were removed takes the digest that was told elsewhere: <code>binauthz audit verify-chain --head</code>.</p></div>
            <dl><div><dt>The last statement</dt><dd><code class="name">{verdict.Head?.Digest}</code></dd></div></dl>
            {Unfinished(verdict)}
            """)
        : Markup.Of($"""
            <div class="verdict critical"><h2 id="chain-title">The chain is broken</h2>
            <p>{HtmlText.Count(verdict.Faults.Count, "thing is", "things are")} wrong.</p></div>
            {Faults(verdict.Faults)}
            {Unfinished(verdict)}
            """);

    private static Markup Unfinished(ChainVerdict verdict) => verdict.Unfinished.Count == 0
        ? Markup.None
        : Markup.Of($"<p class=\"soft\">Runs that were stopped before they signed, and left no report: {verdict.Unfinished.Select(name => Markup.Of($"<code>{name}</code> "))}</p>");

    private static Markup Faults(IReadOnlyList<ChainFault> faults) => faults.Count == 0
        ? Markup.None
        : Markup.Of($"<ul class=\"faults\">{faults.Select(fault => Markup.Of($"<li class=\"wrap\"><strong>{fault.Kind.ToString()}</strong> <code class=\"name\">{fault.Name}</code><br>{fault.Detail}</li>\n"))}</ul>");

    private static IEnumerable<Markup> Rows(IReadOnlyList<VerifiedReport> found, ReportName? from)
    {
        VerifiedReport? before = null;
        foreach (var report in found.Where(each => each.HasStatement))
        {
            yield return Row(report, before, from);
            before = report.Report is null || report.Faults.Count > 0 ? before : report;
        }
    }

    private static Markup Row(VerifiedReport found, VerifiedReport? before, ReportName? from)
    {
        if (found.Report is not { } report || found.Statement is null || found.Faults.Count > 0)
        {
            return Markup.Of($"<tr><th scope=\"row\"><a href=\"/reports/{found.Name.Id}\">{HtmlText.Time(found.Name.Time)}</a></th><td class=\"number\">?</td><td colspan=\"4\"><span class=\"badge critical\">does not verify</span></td></tr>\n");
        }

        var (style, title) = HtmlVerdict.Of(report);
        var count = report.Rules.Sum(rule => rule.Count);
        return Markup.Of($"""
            <tr><th scope="row"><a href="/reports/{found.Name.Id}">{HtmlText.Time(report.Time)}</a></th><td class="number">{found.Statement.Statement.Sequence}</td><td><span class="badge {style}">{style.Replace('_', ' ')}</span> {title}</td><td class="number">{count}</td><td class="number">{(report.Coverage is { } coverage ? HtmlText.Number(coverage.Percent) : "not assessed")}</td><td>{Compare(found, before, from)}</td></tr>

            """);
    }

    private static Markup Compare(VerifiedReport found, VerifiedReport? before, ReportName? from)
    {
        if (from is not null && from != found.Name)
        {
            var (earlier, later) = from.Time < found.Name.Time ? (from, found.Name) : (found.Name, from);
            return Markup.Of($"<a href=\"/diff/{earlier.Id}/{later.Id}\">with {from.Id}</a>");
        }

        return Markup.Of($"{(before is null ? Markup.None : Markup.Of($"<a href=\"/diff/{before.Name.Id}/{found.Name.Id}\">to the one before</a>, "))}<a href=\"/?from={found.Name.Id}#reports\">to another</a>");
    }

    private static Markup Section(string id, string title, IEnumerable<Markup> findings)
    {
        Markup[] all = [.. findings];
        return all.Length == 0
            ? Markup.None
            : Markup.Of($"<section id=\"{id}\" aria-labelledby=\"{id}-title\"><h2 id=\"{id}-title\">{title} · {all.Length}</h2>\n{all}</section>\n");
    }

    private static Markup Finding(AuditFinding finding, AuditFinding? before) => Markup.Of($"""
        <div class="finding">
        <h3>{HtmlFindings.Badge(finding.Severity)} {finding.Rule} {HtmlText.Name(finding.Resource)}</h3>
        <p>{HtmlText.Prose(finding.Detail)}</p>
        <dl>
        {(before is null ? Markup.None : Markup.Of($"<div><dt>Before</dt><dd>{HtmlFindings.Badge(before.Severity)} {HtmlText.Prose(before.Detail)}</dd></div>\n"))}
        <div><dt>Remedy</dt><dd>{HtmlText.Prose(finding.Remedy)}</dd></div>
        </dl>
        </div>

        """);
}
