namespace BinAuthz.Auditing.Reports.Html;

/// <summary>From each control of a standard to the rules that give evidence for it, to what they found and to the evidence.</summary>
internal static class HtmlControls
{
    private const int NamedEvidence = 3;

    /// <summary>The section.</summary>
    public static Markup Section(AuditReport report, IReadOnlyList<FindingGroup> groups)
    {
        var controls = report.Rules.SelectMany(rule => rule.Controls).Distinct()
            .GroupBy(control => control.Framework, StringComparer.Ordinal).OrderBy(framework => framework.Key, StringComparer.Ordinal);
        return Markup.Of($"""
            <section id="controls" aria-labelledby="controls-title">
            <h2 id="controls-title">Controls</h2>
            <p>What this audit gives evidence for. A control is met as far as its rules go when all of them passed; whether that is enough is for the auditor to say.</p>
            {controls.Select(framework => Table(framework.Key, [.. framework.OrderBy(control => control.Id, StringComparer.Ordinal)], report, groups))}
            </section>
            """);
    }

    private static Markup Table(string framework, AuditControl[] controls, AuditReport report, IReadOnlyList<FindingGroup> groups) => Markup.Of($"""
        <h3>{framework}</h3>
        <div class="scroll" role="region" tabindex="0" aria-label="Controls of {framework}">
        <table class="controls">
        <caption>{HtmlText.Count(controls.Length, "control", "controls")} of {framework}</caption>
        <thead><tr><th scope="col">Control</th><th scope="col">Result</th><th scope="col">Rules</th><th scope="col">Evidence of findings</th></tr></thead>
        <tbody>
        {controls.Select(control => Row(control, [.. report.Rules.Where(rule => rule.Controls.Contains(control))], groups))}
        </tbody>
        </table>
        </div>
        """);

    private static Markup Row(AuditControl control, ReportedRule[] rules, IReadOnlyList<FindingGroup> groups) => Markup.Of($"""
        <tr><th scope="row"><strong>{control.Id}</strong> {control.Title}</th><td>{HtmlRules.Badge(Status(rules))}</td><td><ul>{rules.Select(rule => Rule(rule, groups))}</ul></td><td class="wrap">{Evidence(rules, groups)}</td></tr>

        """);

    private static RuleStatus Status(ReportedRule[] rules) =>
        rules.Any(rule => rule.Status == RuleStatus.Failed) ? RuleStatus.Failed
        : rules.Any(rule => rule.Status == RuleStatus.NotAssessed) ? RuleStatus.NotAssessed
        : RuleStatus.Passed;

    private static Markup Rule(ReportedRule rule, IReadOnlyList<FindingGroup> groups)
    {
        var group = groups.FirstOrDefault(each => each.Rule.Id == rule.Id);
        return Markup.Of($"""
            <li><a href="#rule-{rule.Id}">{rule.Id}</a> <span class="{ReportWords.Of(rule.Status)}">{ReportWords.Of(rule.Status).Replace('_', ' ')}</span>{(group is null ? Markup.None : Markup.Of($", <a href=\"#{group.Anchor}\">{HtmlText.Count(rule.Count, "finding", "findings")}<span class=\"unseen\"> of {rule.Id}</span></a>"))}</li>
            """);
    }

    private static Markup Evidence(ReportedRule[] rules, IReadOnlyList<FindingGroup> groups)
    {
        var ids = rules.Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal);
        var links = groups.Where(group => ids.Contains(group.Rule.Id)).SelectMany(group => group.Findings).SelectMany(finding => finding.Evidence).Distinct().ToArray();
        return links.Length == 0
            ? Markup.Of($"<span class=\"soft\">none</span>")
            : Markup.Of($"<ul>{links.Take(NamedEvidence).Select(link => Markup.Of($"<li>{link.Kind}: {HtmlFindings.Evidence(link.Name)}</li>"))}{(links.Length > NamedEvidence ? Markup.Of($"<li class=\"soft\">and {links.Length - NamedEvidence} more with the findings</li>") : Markup.None)}</ul>");
    }
}
