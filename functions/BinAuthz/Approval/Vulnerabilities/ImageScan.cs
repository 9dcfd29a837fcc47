using BinAuthz.Images;

namespace BinAuthz.Approval.Vulnerabilities;

/// <summary>What vulnerability scanning says about one manifest.</summary>
/// <param name="Digest">The manifest's.</param>
/// <param name="Discoveries">The PACKAGE_VULNERABILITY discoveries; none: it has not been scanned.</param>
/// <param name="Findings">Every vulnerability found.</param>
internal sealed record ImageScan(ImageDigest Digest, IReadOnlyList<ScanDiscovery> Discoveries, IReadOnlyList<VulnerabilityFinding> Findings)
{
    /// <summary>
    /// The note of the vulnerability scan, by which kritis and voucher choose it too. An image has other DISCOVERY
    /// occurrences beside it, such as the one of compliance.
    /// </summary>
    public const string DiscoveryNote = "projects/goog-analysis/notes/PACKAGE_VULNERABILITY";
}
