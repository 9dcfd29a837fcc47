using BinAuthz.Approval;
using BinAuthz.Approval.Vulnerabilities;
using BinAuthz.GoogleCloud;
using BinAuthz.Tests.Approval.Vulnerabilities;
using Google.Protobuf;
using Ca = Grafeas.V1;
using VersionKind = Grafeas.V1.Version.Types.VersionKind;

namespace BinAuthz.Tests.GoogleCloud;

public sealed class ScanOccurrencesTests
{
    [Theory]
    [InlineData("discovery-finished-success", "FinishedSuccess", true, "")]
    [InlineData("discovery-scanning", "Scanning", true, "")]
    [InlineData("discovery-unsupported", "FinishedUnsupported", false, "unsupported operating system (composed)")]
    public void Read_RecordedDiscovery_HasItsMembers(string file, string state, bool continuous, string error)
    {
        var discovery = Assert.Single(VulnerabilitySamples.Recorded(file).Discoveries);

        Assert.Equal(
            ("projects/acme-prod/occurrences/9a7b6c5d-1111-4222-8333-444455556666", state, continuous, error),
            (discovery.Occurrence, discovery.State.ToString(), discovery.IsContinuous, discovery.Error));
        Assert.Equal((new DateTimeOffset(2026, 10, 1, 8, 16, 40, TimeSpan.Zero), null), (discovery.LastScan, discovery.Archived));
        Assert.Equal(EvidenceReference.To("", VulnerabilitySamples.Occurrence(file).ToByteArray()).Digest, discovery.Digest);
    }

    [Theory]
    [InlineData("vulnerability-critical-fixable", "CVE-2026-10001", "Critical", true, "None", "openssl 3.0.11-1~deb12u2 fixed in 3.0.13-1~deb12u1")]
    [InlineData("vulnerability-high-unfixable", "CVE-2026-10002", "High", false, "None", "openssl 3.0.11-1~deb12u2 without a fix")]
    [InlineData("vulnerability-severity-differs", "CVE-2026-10003", "Low", false, "None", "openssl 3.0.11-1~deb12u2 without a fix")]
    [InlineData("vulnerability-vex-not-affected", "CVE-2026-10004", "High", true, "NotAffected", "openssl 3.0.11-1~deb12u2 fixed in 3.0.13-1~deb12u1")]
    [InlineData("vulnerability-unspecified", "CVE-2026-10005", "Unspecified", false, "None", "openssl 3.0.11-1~deb12u2 without a fix")]
    public void Read_RecordedVulnerability_HasItsMembers(string file, string id, string severity, bool fixable, string vex, string package)
    {
        var finding = Assert.Single(VulnerabilitySamples.Recorded("discovery-finished-success", file).Findings);

        Assert.Equal((id, $"projects/goog-vulnz/notes/{id}", severity, fixable, vex), (finding.Id, finding.Note, finding.Severity.ToString(), finding.IsFixable, finding.Vex.ToString()));
        Assert.Equal([package], finding.Packages);
        Assert.Equal(EvidenceReference.To("", VulnerabilitySamples.Occurrence(file).ToByteArray()).Digest, finding.Digest);
    }

    [Theory]
    [InlineData((int)Ca.DiscoveryOccurrence.Types.AnalysisStatus.Unspecified)]
    [InlineData(6)]
    public void Read_StatusThatIsNotKnown_IsUnspecified(int status)
    {
        var occurrence = VulnerabilitySamples.Occurrence("discovery-finished-success");
        occurrence.Discovery.AnalysisStatus = (Ca.DiscoveryOccurrence.Types.AnalysisStatus)status;

        Assert.Equal(ScanState.Unspecified, Assert.Single(ScanOccurrences.Read(VulnerabilitySamples.Image.Digest, [occurrence], []).Discoveries).State);
    }

    [Theory]
    [InlineData(2, 4, "High")]
    [InlineData(4, 2, "High")]
    [InlineData(0, 3, "Medium")]
    [InlineData(3, 0, "Medium")]
    [InlineData(0, 0, "Unspecified")]
    [InlineData(2, 6, "Unspecified")]
    public void Read_SeveritiesOfOccurrenceAndPackageDiffer_TakesTheWorst(int occurrence, int package, string expected)
    {
        var vulnerability = VulnerabilitySamples.Occurrence("vulnerability-critical-fixable");
        vulnerability.Vulnerability.EffectiveSeverity = (Ca.Severity)occurrence;
        vulnerability.Vulnerability.PackageIssue[0].EffectiveSeverity = (Ca.Severity)package;

        Assert.Equal(expected, Only(vulnerability).Severity.ToString());
    }

    [Theory]
    [InlineData(null, true, true)]
    [InlineData(null, false, false)]
    [InlineData(VersionKind.Normal, false, true)]
    [InlineData(VersionKind.Maximum, false, false)]
    [InlineData(VersionKind.Maximum, true, false)]
    [InlineData(VersionKind.Unspecified, false, false)]
    public void Read_FixedVersionAndFixAvailable_DecideOnFixable(VersionKind? kind, bool fixAvailable, bool fixable)
    {
        var vulnerability = VulnerabilitySamples.Occurrence("vulnerability-critical-fixable");
        var issue = vulnerability.Vulnerability.PackageIssue[0];
        (issue.FixedVersion, issue.FixAvailable) = (kind is { } known ? new Ca.Version { Kind = known } : null, fixAvailable);

        Assert.Equal(fixable, Only(vulnerability).IsFixable);
    }

    [Fact]
    public void Read_NoPackageNamed_GoesByTheOccurrence()
    {
        var vulnerability = VulnerabilitySamples.Occurrence("vulnerability-critical-fixable");
        vulnerability.Vulnerability.PackageIssue.Clear();

        Assert.True(Only(vulnerability).IsFixable);
        vulnerability.Vulnerability.FixAvailable = false;
        Assert.False(Only(vulnerability).IsFixable);
    }

    private static VulnerabilityFinding Only(Ca.Occurrence occurrence) => Assert.Single(ScanOccurrences.Read(VulnerabilitySamples.Image.Digest, [], [occurrence]).Findings);
}
