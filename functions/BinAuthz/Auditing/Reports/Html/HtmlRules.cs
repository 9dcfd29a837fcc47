namespace BinAuthz.Auditing.Reports.Html;

/// <summary>Every rule and what came out of it.</summary>
internal static class HtmlRules
{
    /// <summary>The section.</summary>
    public static Markup Section(AuditReport report, IReadOnlyList<FindingGroup> groups) => Markup.Of($"""
        <section id="rules" aria-labelledby="rules-title">
        <h2 id="rules-title">Rules</h2>
        <div class="scroll" role="region" tabindex="0" aria-label="Rules and their results">
        <table class="rules">
        <caption>{Counts(report)}</caption>
        <thead><tr><th scope="col">Rule</th><th scope="col">Result</th><th scope="col">Severity</th><th scope="col" class="number">Findings</th></tr></thead>
        <tbody>
        {report.Rules.Select(rule => Row(rule, groups))}
        </tbody>
        </table>
        </div>
        </section>
        """);

    /// <summary>The badge of a result.</summary>
    public static Markup Badge(RuleStatus status) => Markup.Of($"<span class=\"badge {ReportWords.Of(status)}\">{ReportWords.Of(status).Replace('_', ' ')}</span>");

    private static string Counts(AuditReport report)
    {
        var byStatus = report.Rules.ToLookup(rule => rule.Status);
        return $"{byStatus[RuleStatus.Passed].Count()} passed, {byStatus[RuleStatus.Failed].Count()} failed, {byStatus[RuleStatus.NotAssessed].Count()} not assessed. A rule's title says what is wrong when it finds something.";
    }

    private static Markup Row(ReportedRule rule, IReadOnlyList<FindingGroup> groups) => Markup.Of($"""
        <tr id="rule-{rule.Id}"><th scope="row"><strong>{rule.Id}</strong> {rule.Title}</th><td>{Badge(rule.Status)}{(rule.Reason.Length == 0 ? Markup.None : Markup.Of($"<p class=\"small wrap\">{HtmlText.Prose(rule.Reason)}</p>"))}</td><td>{HtmlFindings.Badge(rule.Severity)}</td><td class="number">{Found(rule, groups)}</td></tr>

        """);

    private static Markup Found(ReportedRule rule, IReadOnlyList<FindingGroup> groups) => groups.FirstOrDefault(group => group.Rule.Id == rule.Id) is { } group
        ? Markup.Of($"<a href=\"#{group.Anchor}\" aria-label=\"{HtmlText.Count(rule.Count, "finding", "findings")} of {rule.Id}\">{rule.Count}</a>")
        : Markup.Of($"{rule.Count}");
}
