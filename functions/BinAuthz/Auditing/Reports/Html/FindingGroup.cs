namespace BinAuthz.Auditing.Reports.Html;

/// <summary>The findings of one rule and severity.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Severity">Of all of them.</param>
/// <param name="Findings">Those that the page names.</param>
/// <param name="More">How many it does not.</param>
internal sealed record FindingGroup(ReportedRule Rule, AuditSeverity Severity, IReadOnlyList<AuditFinding> Findings, long More)
{
    /// <summary>Where it is in the page.</summary>
    public string Anchor => $"findings-{Rule.Id}-{ReportWords.Of(Severity)}";

    /// <summary>How many there are.</summary>
    public long Count => Findings.Count + More;

    /// <summary>All groups, the worst first. Findings that are only counted are added to the worst group of their rule.</summary>
    public static IReadOnlyList<FindingGroup> Of(AuditReport report)
    {
        var groups = new List<FindingGroup>();
        var byRule = report.Findings.ToLookup(finding => finding.Rule, StringComparer.Ordinal);
        foreach (var rule in report.Rules)
        {
            var unnamed = rule.Count - byRule[rule.Id].Count();
            foreach (var severity in byRule[rule.Id].GroupBy(finding => finding.Severity).OrderByDescending(group => group.Key))
            {
                AuditFinding[] all = [.. severity];
                groups.Add(new FindingGroup(rule, severity.Key, all[..Math.Min(all.Length, HtmlReport.NamedPerRule)], Math.Max(0, all.Length - HtmlReport.NamedPerRule) + Math.Max(0, unnamed)));
                unnamed = 0;
            }

            if (unnamed > 0)
            {
                groups.Add(new FindingGroup(rule, rule.Severity, [], unnamed));
            }
        }

        return [.. groups.OrderByDescending(group => group.Severity).ThenBy(group => group.Rule.Id, StringComparer.Ordinal)];
    }
}
