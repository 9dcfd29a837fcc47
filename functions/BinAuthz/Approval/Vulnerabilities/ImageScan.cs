using BinAuthz.Images;

namespace BinAuthz.Approval.Vulnerabilities;

/// <summary>What vulnerability scanning says about one manifest.</summary>
/// <param name="Digest">The manifest's.</param>
/// <param name="Discoveries">The PACKAGE_VULNERABILITY discoveries; none: it has not been scanned.</param>
/// <param name="Findings">Every vulnerability found.</param>
internal sealed record ImageScan(ImageDigest Digest, IReadOnlyList<ScanDiscovery> Discoveries, IReadOnlyList<VulnerabilityFinding> Findings);
