namespace BinAuthz.Approval.Vulnerabilities;

/// <summary>Weighs what a scan found against the limits and the exceptions.</summary>
internal sealed class FindingsCheck(VulnerabilityRequirements requirements, ImageScan scan, DateTimeOffset now)
{
    private const int Named = 10;
    private const int NamedPackages = 3;
    private const string Unspecified = "severity-unspecified";
    private const string Fixable = "vulnerability-fixable";
    private const string Unfixable = "vulnerability-unfixable";

    /// <summary>The verdict. Its evidence is what was excused, or the breaches that the reason names.</summary>
    public RuleResult Weigh()
    {
        var excused = new List<VulnerabilityFinding>();
        var breaches = new List<VulnerabilityFinding>();
        var warnings = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var finding in scan.Findings.Where(finding => Breach(finding) is not null))
        {
            (IsExcused(finding, warnings) ? excused : breaches).Add(finding);
        }

        return (breaches.Count == 0 ? Satisfied(excused) : Violated(breaches)) with { Warnings = [.. warnings] };
    }

    /// <summary>The code of the limit that a finding exceeds, or null. An unspecified severity is below no limit.</summary>
    private string? Breach(VulnerabilityFinding finding)
    {
        var limit = finding.IsFixable ? requirements.MaximumFixable : requirements.MaximumUnfixable;
        return finding.Severity switch
        {
            VulnerabilitySeverity.Unspecified => Unspecified,
            var severity when limit is { } maximum && severity <= maximum => null,
            _ => finding.IsFixable ? Fixable : Unfixable,
        };
    }

    private bool IsExcused(VulnerabilityFinding finding, SortedSet<string> warnings)
    {
        if (requirements.RespectVex && finding.Vex is VexState.NotAffected or VexState.Fixed)
        {
            return true;
        }

        if (requirements.Allow.FirstOrDefault(entry => entry.Covers(finding) && !entry.HasExpired(now)) is not { } exception)
        {
            return false;
        }

        if (exception.ExpiresSoon(now))
        {
            warnings.Add($"The exception for {exception.Id} ({exception.Reason}) counts until {exception.ExpiresText}; after that day images with it are rejected.");
        }

        return true;
    }

    private RuleResult Satisfied(List<VulnerabilityFinding> excused) => new(
        VulnerabilityRule.RuleName,
        RuleVerdict.Satisfied,
        "vulnerabilities-acceptable",
        (scan.Discoveries.Any(discovery => discovery.State == ScanState.FinishedUnsupported) ? "The scanner cannot read this image, which the policy accepts; it" : "The scan")
            + $" lists {Counted(scan.Findings.Count)}, {(excused.Count == 0 ? "none" : $"{excused.Count} allowed and none else ({string.Join(", ", NamedOf(excused, finding => finding.Id))})")} beyond the limits ({requirements.Limits}).",
        "")
    {
        Evidence = [.. excused.Select(Reference)],
    };

    private RuleResult Violated(List<VulnerabilityFinding> breaches)
    {
        VulnerabilityFinding[] worstFirst = [.. breaches.OrderByDescending(finding => finding.Severity).ThenByDescending(finding => finding.IsFixable).ThenBy(finding => finding.Id, StringComparer.Ordinal)];
        return new RuleResult(
            VulnerabilityRule.RuleName,
            RuleVerdict.Violated,
            Breach(worstFirst[0])!,
            $"{Counted(breaches.Count)} beyond the limits ({requirements.Limits}): {string.Join("; ", NamedOf(worstFirst, Describe))}.",
            string.Join(" ", worstFirst.Select(Breach).Distinct().Select(Remedy).Append("Or allow it by its id under rules.vulnerabilities.allow, with a reason and an expiry.")))
        {
            Evidence = [.. worstFirst.Take(Named).Select(Reference)],
        };
    }

    private string Describe(VulnerabilityFinding finding)
    {
        var severity = finding.Severity == VulnerabilitySeverity.Unspecified ? "severity unspecified" : finding.Severity.ToString().ToUpperInvariant();
        string[] packages = [.. finding.Packages.Take(NamedPackages), .. finding.Packages.Count > NamedPackages ? [$"and {finding.Packages.Count - NamedPackages} more"] : Array.Empty<string>()];
        var expired = requirements.Allow.FirstOrDefault(entry => entry.Covers(finding)) is { } entry ? $", its exception expired after {entry.ExpiresText}" : "";
        return $"{finding.Id} ({severity}, {(finding.IsFixable ? "fixable" : "unfixable")}{(packages.Length == 0 ? "" : $": {string.Join(", ", packages)}")}{expired})";
    }

    private static string Remedy(string? code) => code switch
    {
        Fixable => "Update the packages to their fixed versions and build again.",
        Unfixable => "Remove the package, or use a base image without it.",
        _ => "Look up the vulnerability whose severity nobody has stated.",
    };

    private static IEnumerable<string> NamedOf(IReadOnlyList<VulnerabilityFinding> findings, Func<VulnerabilityFinding, string> name) =>
        findings.Take(Named).Select(name).Concat(findings.Count > Named ? [$"and {findings.Count - Named} more"] : Array.Empty<string>());

    private static string Counted(int number) => number == 1 ? "1 vulnerability" : $"{number} vulnerabilities";

    private static EvidenceReference Reference(VulnerabilityFinding finding) => new(finding.Occurrence, finding.Digest);
}
