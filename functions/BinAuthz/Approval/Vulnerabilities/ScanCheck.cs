namespace BinAuthz.Approval.Vulnerabilities;

/// <summary>Weighs the scan of one manifest: whether its word can be taken, then what it found.</summary>
internal sealed class ScanCheck(VulnerabilityRequirements requirements, DateTimeOffset now)
{
    private const string Again = "Pull or push the image again, which makes Artifact Analysis scan it again.";

    public RuleResult Weigh(ImageScan scan)
    {
        if (scan.Discoveries.Count == 0)
        {
            return Result(
                RuleVerdict.Awaiting,
                "scan-missing",
                $"No vulnerability scan of {scan.Digest} is stored yet; awaited is a DISCOVERY occurrence of the note {ImageScan.DiscoveryNote}.",
                "Enable containerscanning.googleapis.com in the image's project and push the image; the end of the scan triggers another look.");
        }

        // The worst decides: none of them may hide what another one says.
        var result = scan.Discoveries.Select(Fault).OfType<RuleResult>().MaxBy(fault => fault.Verdict) ?? new FindingsCheck(requirements, scan, now).Weigh();
        return result with { Evidence = [.. scan.Discoveries.Select(discovery => new EvidenceReference(discovery.Occurrence, discovery.Digest)), .. result.Evidence] };
    }

    /// <summary>Why a scan's word cannot be taken, or null.</summary>
    private RuleResult? Fault(ScanDiscovery discovery) => discovery switch
    {
        { Archived: { } archived } => Result(RuleVerdict.Violated, "scan-archived", $"The scan {discovery.Occurrence} was archived {archived:u} and says nothing about today.", Again),
        { State: ScanState.Pending or ScanState.Scanning } => Result(
            RuleVerdict.Awaiting,
            "scan-running",
            $"The scan {discovery.Occurrence} is {(discovery.State == ScanState.Pending ? "PENDING" : "SCANNING")}; awaited is FINISHED_SUCCESS.",
            "Wait for the scan; its end triggers another look."),
        { State: ScanState.FinishedFailed } => Result(RuleVerdict.Violated, "scan-failed", $"The scan {discovery.Occurrence} failed: {Told(discovery.Error)}.", Again),
        { State: ScanState.FinishedUnsupported } when requirements.AcceptUnsupported => null,
        { State: ScanState.FinishedUnsupported } => Result(
            RuleVerdict.Violated,
            "scan-unsupported",
            $"The scanner cannot read this image, says {discovery.Occurrence}: {Told(discovery.Error)}. That it lists no vulnerability means nothing.",
            "Use a base image that Artifact Analysis supports, or write acceptUnsupported: true under rules.vulnerabilities."),
        { State: ScanState.FinishedSuccess } => Staleness(discovery),
        _ => Result(RuleVerdict.Violated, "scan-unknown", $"The scan {discovery.Occurrence} has no state that is known here; demanded is FINISHED_SUCCESS.", Again),
    };

    private RuleResult? Staleness(ScanDiscovery discovery)
    {
        var analysis = discovery.IsContinuous ? "" : "; continuous analysis is inactive, as it is 30 days after the last pull";
        if (discovery.LastScan is not { } last)
        {
            return Result(RuleVerdict.Violated, "scan-stale", $"The scan {discovery.Occurrence} does not say when it was made{analysis}.", Again);
        }

        return now - last > requirements.MaxAge
            ? Result(RuleVerdict.Violated, "scan-stale", $"The scan {discovery.Occurrence} was made {last:u}, and maxAge asks for {now - requirements.MaxAge:u} or later{analysis}.", Again)
            : null;
    }

    private static string Told(string error) => error.Length == 0 ? "it does not say why" : error.TrimEnd('.');

    private static RuleResult Result(RuleVerdict verdict, string code, string reason, string remedy) => new(VulnerabilityRule.RuleName, verdict, code, reason, remedy);
}
