using System.Globalization;

namespace BinAuthz.Auditing.Reports;

/// <summary>What a list of findings alone would hide: rules that were not assessed, and findings that are counted and not named.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="IsAssessed">False: it was not assessed. True: more was found than is named.</param>
/// <param name="Text">In words.</param>
internal sealed record RuleGap(ReportedRule Rule, bool IsAssessed, string Text)
{
    /// <summary>All of a report, in the order of the rules.</summary>
    public static IEnumerable<RuleGap> Of(AuditReport report)
    {
        var named = report.Findings.CountBy(finding => finding.Rule).ToDictionary(StringComparer.Ordinal);
        foreach (var rule in report.Rules)
        {
            if (rule.Status == RuleStatus.NotAssessed)
            {
                yield return new RuleGap(rule, false, $"Not assessed, so it is not known whether this is so. {rule.Reason}");
            }

            var more = rule.Count - named.GetValueOrDefault(rule.Id);
            if (more > 0)
            {
                yield return new RuleGap(rule, true, More(more));
            }
        }
    }

    private static string More(long more) => string.Create(CultureInfo.InvariantCulture, $"{more:N0} more {(more == 1 ? "is" : "are")} counted and not named in this report.");
}
