using BinAuthz.Auditing.Telling;

namespace BinAuthz.Auditing.Reports;

/// <summary>The difference between two reports.</summary>
/// <param name="New">Found only by the later one, the worst first.</param>
/// <param name="Resolved">Found only by the earlier one, though the later one looked; as the earlier one described it.</param>
/// <param name="Changed">Found by both, and worse, better or described otherwise by the later one.</param>
/// <param name="Unknown">Found by the earlier one; the later one did not look, or names not all it found.</param>
/// <param name="Unchanged">How many both found alike.</param>
internal sealed record ReportDiff(IReadOnlyList<AuditFinding> New, IReadOnlyList<AuditFinding> Resolved, IReadOnlyList<ChangedFinding> Changed, IReadOnlyList<AuditFinding> Unknown, int Unchanged)
{
    /// <summary>Compares.</summary>
    /// <param name="before">The earlier report; null: everything is new.</param>
    /// <param name="now">The later one.</param>
    public static ReportDiff Of(AuditReport? before, AuditReport now)
    {
        var changes = FindingChanges.Of(before, now);
        var found = now.Findings.DistinctBy(finding => finding.Fingerprint).ToDictionary(finding => finding.Fingerprint, StringComparer.Ordinal);
        var resolved = changes.Resolved.Select(finding => finding.Fingerprint).ToHashSet(StringComparer.Ordinal);
        var (changed, unknown, unchanged) = (new List<ChangedFinding>(), new List<AuditFinding>(), 0);
        foreach (var finding in before?.Findings ?? [])
        {
            if (!found.TryGetValue(finding.Fingerprint, out var later))
            {
                if (!resolved.Contains(finding.Fingerprint))
                {
                    unknown.Add(finding);
                }
            }
            else if (later.Severity != finding.Severity || later.Detail != finding.Detail)
            {
                changed.Add(new ChangedFinding(finding, later));
            }
            else
            {
                unchanged++;
            }
        }

        return new ReportDiff(changes.New, changes.Resolved, changed, unknown, unchanged);
    }
}
