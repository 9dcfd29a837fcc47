using System.Text;

namespace BinAuthz.Auditing.Reports.Html;

/// <summary>
/// A report as one page that needs nothing else: no script, no request. Of a rule that found many it names the first
/// <see cref="NamedPerRule"/>, so that the page stays readable; the other formats name more.
/// </summary>
internal static class HtmlReport
{
    /// <summary>How many findings of one rule and severity the page names.</summary>
    public const int NamedPerRule = 100;

    /// <summary>The page.</summary>
    public static byte[] Write(AuditReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Encoding.UTF8.GetBytes(HtmlPage.Of($"Audit of {report.Environment}, {report.Project}, {Rfc3339.Write(report.Time)}", Body(report)).Source);
    }

    /// <summary>What stands in the page's body.</summary>
    public static Markup Body(AuditReport report)
    {
        var groups = FindingGroup.Of(report);
        return Markup.Of($"""
            <header>
            <p class="eyebrow">Binary Authorization audit</p>
            <h1>{report.Environment} · {report.Project}</h1>
            <nav aria-label="Contents"><ul>
            <li><a href="#verdict">Verdict</a></li><li><a href="#trend">Trend</a></li><li><a href="#findings">Findings</a></li><li><a href="#rules">Rules</a></li>
            <li><a href="#controls">Controls</a></li><li><a href="#attestors">Attestors and keys</a></li><li><a href="#verify">Verify this report</a></li>
            </ul></nav>
            </header>
            <main id="main">
            {HtmlVerdict.Section(report)}
            {HtmlTrend.Section(report.Trend)}
            {HtmlFindings.Section(report, groups)}
            {HtmlRules.Section(report, groups)}
            {HtmlControls.Section(report, groups)}
            {HtmlAttestors.Section(report)}
            {HtmlVerification.Section(report)}
            </main>
            <footer>
            <p>Written by <code>binauthz audit</code>. This page is one of the files that the signed statement beside it names; <code>report.json</code> has everything that is here, for programs.</p>
            </footer>
            """);
    }
}
