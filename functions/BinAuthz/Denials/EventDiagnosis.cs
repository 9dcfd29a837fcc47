using System.Text.RegularExpressions;

namespace BinAuthz.Denials;

/// <summary>Says what follows from findings that no reading explains better. Pure.</summary>
internal static partial class EventDiagnosis
{
    /// <summary>The diagnosis of a finding that is about no image, or whose image does not matter.</summary>
    public static Diagnosis Of(Finding finding) => finding.Kind switch
    {
        FindingKind.BreakGlass => new Diagnosis(
            DiagnosisCause.BreakGlassUsed,
            $"Break-glass was used, so that nothing was enforced.{Justified(finding)}",
            "Ask whoever did it, and deploy again without break-glass as soon as the image is signed. The command tells what the policy says of what runs there.",
            finding.Source.Platform == FindingPlatform.CloudRun ? ReadEntry(finding.Source) : RemedyCommands.CheckPods(finding)),
        FindingKind.FailOpen => new Diagnosis(
            DiagnosisCause.WebhookUnavailable,
            "Binary Authorization did not answer the cluster, which admitted the pod unchecked.",
            "The command tells which running pods the policy would not have admitted: delete those. If it happens again, look at the network path from the control plane and at Google's service status.",
            RemedyCommands.CheckPods(finding)),
        FindingKind.CheckFailed => new Diagnosis(
            DiagnosisCause.CheckFailed,
            "Binary Authorization could not check the image, so that nothing was decided about it.",
            "Read the entry's own words. Often an attestor of another project may not be read: grant roles/binaryauthorization.attestorsVerifier on it to the service agent of the project that deploys. Then deploy again.",
            ReadEntry(finding.Source)),
        FindingKind.ContinuousValidation when finding.Image is not null => new Diagnosis(
            DiagnosisCause.PlatformPolicyViolated,
            "A running image violates a platform policy. Nothing was stopped: continuous validation only watches.",
            "Deploy an image that conforms, or change the platform policy if it asks too much.",
            RemedyCommands.ListPods(finding)),
        FindingKind.ContinuousValidation => new Diagnosis(
            DiagnosisCause.PlatformPolicyMisconfigured,
            "A platform policy cannot be evaluated as it is configured, so that nothing is validated by it.",
            "Mend the platform policy as the entry says.",
            ReadEntry(finding.Source)),
        FindingKind.TrustChange when finding.Change is { } change => TrustChangeDiagnosis.Of(finding, change),
        FindingKind.AuditFinding when finding.Audit is { } audit => new Diagnosis(
            DiagnosisCause.FoundByAudit, $"{audit.Rule}: {audit.Detail}".TrimStart(':', ' '), audit.Remedy, ReadEntry(finding.Source)),
        _ => new Diagnosis(DiagnosisCause.Undetermined, "The log entry does not tell enough.", "Read the entry's own words.", ReadEntry(finding.Source)),
    };

    /// <summary>Break-glass, with what the policy says of the image that it let in.</summary>
    public static Diagnosis OfBreakGlass(Finding finding, Diagnosis image) => image.Cause switch
    {
        DiagnosisCause.AdmittedNow => Of(finding) with { Detail = $"Break-glass was used, and the policy of {finding.Source.Project} admits the image now without it.{Justified(finding)}", Commit = image.Commit },
        DiagnosisCause.Undetermined => Of(finding) with { Detail = $"Break-glass was used.{Justified(finding)} What it overrode cannot be told: {image.Detail}" },
        _ => image with { Detail = $"Break-glass was used and overrode this: {image.Detail}{Justified(finding)}" },
    };

    /// <summary>Prints the whole entry.</summary>
    /// <returns>Empty: its id is none that can be asked for.</returns>
    public static string ReadEntry(FindingSource source) => InsertId().IsMatch(source.InsertId)
        ? ShellCommand.Of("gcloud", "logging", "read", $"insertId=\"{source.InsertId}\" AND timestamp>=\"{Rfc3339.Write(source.Time)}\"", $"--project={source.Project}", "--format=json")
        : "";

    private static string Justified(Finding finding) => finding.Justification.Length > 0 ? $" Its justification: {finding.Justification}" : "";

    [GeneratedRegex(@"\A[A-Za-z0-9._~-]{1,512}\z")]
    private static partial Regex InsertId();
}
