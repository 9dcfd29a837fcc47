namespace BinAuthz.Approval.Vulnerabilities;

/// <summary>How far a scan has come, from a DISCOVERY occurrence.</summary>
/// <param name="Occurrence">Its name.</param>
/// <param name="Digest"><c>sha256:…</c> of the occurrence as protobuf.</param>
/// <param name="State">Of the first analysis.</param>
/// <param name="IsContinuous">Whether new vulnerabilities are still looked for; false about 30 days after the last pull.</param>
/// <param name="LastScan">When it was looked at last; null: it does not say.</param>
/// <param name="Archived">When the results were archived; null: they were not.</param>
/// <param name="Error">What went wrong; empty otherwise.</param>
internal sealed record ScanDiscovery(string Occurrence, string Digest, ScanState State, bool IsContinuous, DateTimeOffset? LastScan, DateTimeOffset? Archived, string Error);
