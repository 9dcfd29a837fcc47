namespace BinAuthz.Denials;

/// <summary>The same finding again and again, as controllers that retry make it.</summary>
/// <param name="Latest">The last of them.</param>
/// <param name="Count">How many there were.</param>
/// <param name="First">When the first was.</param>
internal sealed record FindingGroup(Finding Latest, int Count, DateTimeOffset First)
{
    /// <summary>The names of the pods, as far as the entries tell; none when nothing was admitted.</summary>
    public IReadOnlyList<string> Pods { get; init; } = [];

    /// <summary>Puts together what is of one kind, about one image of one workload in one place; the group that was seen last comes first.</summary>
    public static IReadOnlyList<FindingGroup> Of(IEnumerable<Finding> findings) =>
    [
        .. findings
            .GroupBy(finding => (finding.Kind, finding.Source.Project, finding.Source.Platform, finding.Source.Place, finding.Namespace, finding.Workload, finding.Image, finding.Change, finding.Audit?.Fingerprint, Who(finding)))
            .Select(same => new FindingGroup(same.MaxBy(finding => finding.Source.Time)!, same.Count(), same.Min(finding => finding.Source.Time))
            {
                Pods = [.. same.Select(finding => finding.Pod).Where(pod => pod.Length > 0).Distinct(StringComparer.Ordinal)],
            })
            .OrderByDescending(group => group.Latest.Source.Time),
    ];

    // Of what somebody did the name counts; a denial is the same whoever asked.
    private static string Who(Finding finding) => finding.Kind is FindingKind.TrustChange or FindingKind.BreakGlass ? finding.Principal : "";
}
