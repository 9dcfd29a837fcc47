using BinAuthz.Approval;
using BinAuthz.Approval.Vulnerabilities;
using BinAuthz.Images;
using Google.Protobuf;
using Ca = Grafeas.V1;
using DiscoveryTypes = Grafeas.V1.DiscoveryOccurrence.Types;
using VersionKind = Grafeas.V1.Version.Types.VersionKind;
using VexAssessment = Grafeas.V1.VulnerabilityAssessmentNote.Types.Assessment.Types.State;

namespace BinAuthz.GoogleCloud;

/// <summary>
/// Reads the DISCOVERY and VULNERABILITY occurrences that Artifact Analysis stores about an image, under the URI
/// <c>https://NAME@DIGEST</c> (proto: grafeas/v1/discovery.proto, vulnerability.proto). What is not known here becomes
/// unspecified, which the rule refuses.
/// </summary>
internal static class ScanOccurrences
{
    private const string NoteProject = "goog-analysis";
    private const string NoteId = "PACKAGE_VULNERABILITY";

    /// <summary>Finds how far the vulnerability scan has come.</summary>
    public static string DiscoveryFilter(ImageReference image) =>
        $"kind=\"DISCOVERY\" AND resourceUrl=\"{image.ResourceUri}\" AND noteProjectId=\"{NoteProject}\" AND noteId=\"{NoteId}\"";

    /// <summary>Finds what it found.</summary>
    public static string FindingFilter(ImageReference image) => $"kind=\"VULNERABILITY\" AND resourceUrl=\"{image.ResourceUri}\"";

    /// <summary>The scan of one manifest. Other discoveries than that of the vulnerability scan are left out, whatever the filter let through.</summary>
    public static ImageScan Read(ImageDigest digest, IEnumerable<Ca.Occurrence> discoveries, IEnumerable<Ca.Occurrence> findings) => new(
        digest,
        [.. discoveries.Where(occurrence => occurrence.Discovery is not null && occurrence.NoteName == ImageScan.DiscoveryNote).Select(Discovery)],
        [.. findings.Where(occurrence => occurrence.Vulnerability is not null).Select(Finding)]);

    private static ScanDiscovery Discovery(Ca.Occurrence occurrence)
    {
        var discovery = occurrence.Discovery;
        return new ScanDiscovery(
            occurrence.Name,
            DigestOf(occurrence),
            State(discovery.AnalysisStatus),
            discovery.ContinuousAnalysis == DiscoveryTypes.ContinuousAnalysis.Active,
            discovery.LastScanTime?.ToDateTimeOffset(),
            discovery.ArchiveTime?.ToDateTimeOffset(),
            string.Join("; ", discovery.AnalysisError.Prepend(discovery.AnalysisStatusError).Select(error => error?.Message).Where(message => !string.IsNullOrEmpty(message)).Distinct()));
    }

    private static ScanState State(DiscoveryTypes.AnalysisStatus status) => status switch
    {
        DiscoveryTypes.AnalysisStatus.Pending => ScanState.Pending,
        DiscoveryTypes.AnalysisStatus.Scanning => ScanState.Scanning,
        DiscoveryTypes.AnalysisStatus.FinishedSuccess => ScanState.FinishedSuccess,
        DiscoveryTypes.AnalysisStatus.FinishedFailed => ScanState.FinishedFailed,
        DiscoveryTypes.AnalysisStatus.FinishedUnsupported => ScanState.FinishedUnsupported,
        _ => ScanState.Unspecified,
    };

    private static VulnerabilityFinding Finding(Ca.Occurrence occurrence)
    {
        var vulnerability = occurrence.Vulnerability;
        return new VulnerabilityFinding(
            occurrence.Name,
            DigestOf(occurrence),
            occurrence.NoteName,
            EffectiveSeverity(vulnerability),
            vulnerability.PackageIssue.Count == 0 ? vulnerability.FixAvailable : vulnerability.PackageIssue.All(HasFix),
            [.. vulnerability.PackageIssue.Select(Package)],
            Vex(vulnerability.VexAssessment?.State));
    }

    /// <summary>
    /// The worst effective severity: those of the packages may differ, and that of the occurrence is the highest of them
    /// (proto: VulnerabilityOccurrence.effective_severity). The note's own severity is not looked at.
    /// </summary>
    private static VulnerabilitySeverity EffectiveSeverity(Ca.VulnerabilityOccurrence vulnerability)
    {
        Ca.Severity[] stated = [vulnerability.EffectiveSeverity, .. vulnerability.PackageIssue.Select(issue => issue.EffectiveSeverity)];
        return stated.Max() switch
        {
            Ca.Severity.Minimal => VulnerabilitySeverity.Minimal,
            Ca.Severity.Low => VulnerabilitySeverity.Low,
            Ca.Severity.Medium => VulnerabilitySeverity.Medium,
            Ca.Severity.High => VulnerabilitySeverity.High,
            Ca.Severity.Critical => VulnerabilitySeverity.Critical,
            _ => VulnerabilitySeverity.Unspecified,
        };
    }

    /// <summary>MAXIMUM means that no fixed version is known (proto: PackageIssue.fixed_version), and so does none at all.</summary>
    private static bool HasFix(Ca.VulnerabilityOccurrence.Types.PackageIssue issue) => issue.FixedVersion?.Kind switch
    {
        VersionKind.Maximum => false,
        VersionKind.Normal => true,
        _ => issue.FixAvailable,
    };

    private static string Package(Ca.VulnerabilityOccurrence.Types.PackageIssue issue) =>
        $"{issue.AffectedPackage} {Text(issue.AffectedVersion)}".TrimEnd()
        + (!HasFix(issue) ? " without a fix" : Text(issue.FixedVersion) is { Length: > 0 } version ? $" fixed in {version}" : " with a fix");

    private static string Text(Ca.Version? version) => version switch
    {
        null => "",
        { FullName.Length: > 0 } => version.FullName,
        { Revision.Length: > 0 } => $"{version.Name}-{version.Revision}",
        _ => version.Name,
    };

    private static VexState Vex(VexAssessment? state) => state switch
    {
        VexAssessment.Affected => VexState.Affected,
        VexAssessment.NotAffected => VexState.NotAffected,
        VexAssessment.Fixed => VexState.Fixed,
        VexAssessment.UnderInvestigation => VexState.UnderInvestigation,
        _ => VexState.None,
    };

    private static string DigestOf(Ca.Occurrence occurrence) => EvidenceReference.To(occurrence.Name, occurrence.ToByteArray()).Digest;
}
