using System.Globalization;
using BinAuthz.Auditing.Facts;
using BinAuthz.Denials;
using BinAuthz.Setup;

namespace BinAuthz.Auditing.Rules;

/// <summary>What happened at admission: break-glass, fail-open, denials.</summary>
internal static class AdmissionEvents
{
    // The gate was not able to do its work, or the cause is not known.
    private static readonly DiagnosisCause[] OutOfOrder =
    [
        DiagnosisCause.AttestorMissing, DiagnosisCause.AttestorWithoutKeys, DiagnosisCause.KeyNoLongerTrusted, DiagnosisCause.InvalidAttestation, DiagnosisCause.CheckFailed,
        DiagnosisCause.PlatformPolicyMisconfigured, DiagnosisCause.PlatformPolicyViolated, DiagnosisCause.Undetermined,
    ];

    /// <summary>BA601.</summary>
    public static AuditFinding? BreakGlass(AuditRule rule, AuditFacts facts, AuditedEvent happened)
    {
        var (group, finding) = (happened.Group, happened.Group.Latest);
        return finding.Kind != FindingKind.BreakGlass ? null : Once(rule, group, $"{Who(happened)} used break-glass for {Image(finding)} of {Place(finding)}, {Times(group)}; {Lasted(facts, happened)}. {happened.Diagnosis.Detail}") with
        {
            Remedy = Remedy(rule, happened),
        };
    }

    /// <summary>BA602.</summary>
    public static AuditFinding? FailOpen(AuditRule rule, AuditFacts facts, AuditedEvent happened) => happened.Group.Latest is { Kind: FindingKind.FailOpen } finding
        ? Once(rule, happened.Group, $"{Image(finding)} of {Place(finding)} was admitted unchecked, {Times(happened.Group)}. {happened.Diagnosis.Detail}") with { Remedy = Remedy(rule, happened) }
        : null;

    /// <summary>BA603: one finding for an image of a workload, however often it was denied.</summary>
    public static AuditFinding? Denial(AuditRule rule, AuditFacts facts, AuditedEvent happened)
    {
        var finding = happened.Group.Latest;
        if (finding.Kind is not (FindingKind.Denial or FindingKind.DryRunDenial or FindingKind.CheckFailed or FindingKind.ContinuousValidation))
        {
            return null;
        }

        var isDryRun = finding.Kind == FindingKind.DryRunDenial;
        var said = finding.Kind switch
        {
            FindingKind.Denial => "was denied",
            FindingKind.DryRunDenial => "would have been denied",
            FindingKind.CheckFailed => "could not be checked",
            _ => "violates a platform policy",
        };
        return new AuditFinding(
            rule.Id,
            isDryRun || facts.Request.Environment != DeploymentEnvironment.Production ? AuditSeverity.Note : OutOfOrder.Contains(happened.Diagnosis.Cause) ? AuditSeverity.Medium : rule.Severity,
            $"{Where(finding)}/{finding.Image ?? "unknown image"} ({finding.Kind})",
            $"{Image(finding)} of {Place(finding)} {said}, {Times(happened.Group)}. {happened.Diagnosis.Cause}: {happened.Diagnosis.Detail}",
            Remedy(rule, happened))
        {
            Image = Digest(finding),
            Evidence = [Entry(finding)],
            Since = happened.Group.First,
        };
    }

    /// <summary>The log entry.</summary>
    internal static EvidenceLink Entry(Finding finding) => new("log entry", $"{finding.Source.LogName}/{finding.Source.InsertId}");

    /// <summary>What to do, with the command that does it.</summary>
    internal static string Remedy(AuditRule rule, AuditedEvent happened)
    {
        var words = happened.Diagnosis.Remedy.Length > 0 ? happened.Diagnosis.Remedy : rule.Remedy;
        return happened.Diagnosis.Command.Length > 0 ? $"{words} `{happened.Diagnosis.Command}`" : words;
    }

    /// <summary>When it happened, and how often.</summary>
    internal static string Times(FindingGroup group) => group.Count == 1
        ? $"at {Rfc3339.Write(group.First)}"
        : string.Create(CultureInfo.InvariantCulture, $"{group.Count} times from {Rfc3339.Write(group.First)} to {Rfc3339.Write(group.Latest.Source.Time)}");

    // What happens again is another event: its time is part of its name.
    private static AuditFinding Once(AuditRule rule, FindingGroup group, string detail) =>
        rule.Finding($"{Where(group.Latest)}/{group.Latest.Image ?? "unknown image"} at {Rfc3339.Write(group.First)}", detail) with
        {
            Image = Digest(group.Latest),
            Evidence = [Entry(group.Latest)],
            Since = group.First,
        };

    private static string Lasted(AuditFacts facts, AuditedEvent happened)
    {
        if (happened.Group.Latest.Source.Platform == FindingPlatform.CloudRun)
        {
            return "how long the revision served is not known";
        }

        var (end, said) = happened.Ended is { } ended ? (ended, $"until its last pod was deleted at {Rfc3339.Write(ended)}") : (facts.Now, "and no log tells that its pods were deleted");
        return $"it ran for {Duration(end - happened.Group.First)} {said}";
    }

    private static string Duration(TimeSpan time) => string.Create(
        CultureInfo.InvariantCulture, $"{(time.Days > 0 ? $"{time.Days} d " : "")}{(time.TotalHours >= 1 ? $"{time.Hours} h " : "")}{Math.Max(time.Minutes, 0)} min");

    private static string Who(AuditedEvent happened)
    {
        var principal = happened.Group.Latest.Principal;
        return principal.Length == 0 ? "Somebody whom the entry does not tell"
            : !BreakGlassLog.IsController(principal) ? principal
            : happened.ChangedBy.Length > 0 ? $"{happened.ChangedBy}, who changed the workload ({principal} made the pods),"
            : $"{principal}, for a workload whose author is in its own log entry,";
    }

    private static string Image(Finding finding) => finding.Image ?? "an image that the log does not tell";

    private static string Place(Finding finding) => string.Join(", ", new[] { finding.Workload, finding.Namespace.Length > 0 ? $"namespace {finding.Namespace}" : "", finding.Source.Place, finding.Source.Project }.Where(part => part.Length > 0));

    private static string Where(Finding finding) => string.Join('/', new[] { $"projects/{finding.Source.Project}", finding.Source.Place, finding.Namespace, finding.Workload }.Where(part => part.Length > 0));

    private static string? Digest(Finding finding) => finding.Image is { } image && image.Contains("@sha256:", StringComparison.Ordinal) ? image : null;
}
