using BinAuthz.Denials;

namespace BinAuthz.Alerting;

/// <summary>How urgent what is.</summary>
internal static class AlertSeverities
{
    /// <summary>The severity of a finding. In development everything runs on purpose, so all is one step less urgent there.</summary>
    public static AlertSeverity Of(Finding finding, DiagnosisCause cause, string environment)
    {
        var severity = finding.Kind switch
        {
            FindingKind.Denial when cause == DiagnosisCause.AdmittedNow => AlertSeverity.Warning,
            FindingKind.Denial or FindingKind.CheckFailed => AlertSeverity.Error,
            FindingKind.DryRunDenial or FindingKind.ContinuousValidation => AlertSeverity.Warning,
            FindingKind.BreakGlass or FindingKind.FailOpen => AlertSeverity.Critical,
            FindingKind.TrustChange => Of(finding.Change?.Kind),
            FindingKind.AuditFinding => OfAudit(finding.Audit?.Severity),
            _ => AlertSeverity.Error,
        };
        return environment == "development" && severity > AlertSeverity.Info ? severity - 1 : severity;
    }

    private static AlertSeverity OfAudit(string? severity) => severity switch
    {
        "low" => AlertSeverity.Info,
        "medium" => AlertSeverity.Warning,
        "critical" => AlertSeverity.Critical,
        _ => AlertSeverity.Error,
    };

    // What is trusted more, or cannot be verified any longer, is critical. A key that is enabled again signs only what it
    // signed before, for attestors that list it.
    private static AlertSeverity Of(TrustChangeKind? change) => change is TrustChangeKind.KeyEnabled ? AlertSeverity.Error : AlertSeverity.Critical;
}
