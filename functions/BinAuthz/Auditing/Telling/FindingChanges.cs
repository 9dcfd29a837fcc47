using BinAuthz.Auditing.Reports;

namespace BinAuthz.Auditing.Telling;

/// <summary>What a report found that an earlier one did not, and the other way round.</summary>
/// <param name="New">The worst first.</param>
/// <param name="Resolved">As the earlier report described it, the worst first.</param>
internal sealed record FindingChanges(IReadOnlyList<AuditFinding> New, IReadOnlyList<AuditFinding> Resolved)
{
    /// <summary>Compares two reports. What a rule does not find because it was not assessed, or names too few of, is not resolved.</summary>
    /// <param name="before">The earlier report; null: everything is new.</param>
    /// <param name="now">The later one.</param>
    public static FindingChanges Of(AuditReport? before, AuditReport now)
    {
        var (known, found) = (Fingerprints(before?.Findings ?? []), Fingerprints(now.Findings));
        var named = now.Findings.CountBy(finding => finding.Rule).ToDictionary();
        var complete = now.Rules.Where(rule => rule.Status != RuleStatus.NotAssessed && rule.Count <= named.GetValueOrDefault(rule.Id)).Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal);
        return new FindingChanges(
            [.. now.Findings.Where(finding => !known.Contains(finding.Fingerprint))],
            [.. (before?.Findings ?? []).Where(finding => !found.Contains(finding.Fingerprint) && complete.Contains(finding.Rule))]);
    }

    private static HashSet<string> Fingerprints(IEnumerable<AuditFinding> findings) => findings.Select(finding => finding.Fingerprint).ToHashSet(StringComparer.Ordinal);
}
