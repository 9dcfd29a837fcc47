using BinAuthz.Auditing.Facts;
using BinAuthz.Denials;

namespace BinAuthz.Auditing.Rules;

/// <summary>Changes of what is trusted, by those who are expected to make them and by others.</summary>
internal static class TrustEvents
{
    /// <summary>BA604.</summary>
    public static AuditFinding? Judge(AuditRule rule, AuditFacts facts, AuditedEvent happened)
    {
        var (group, finding) = (happened.Group, happened.Group.Latest);
        if (finding is not { Kind: FindingKind.TrustChange, Change: { } change } || IsOfAnotherEnvironment(facts, change.Resource))
        {
            return null;
        }

        return rule.Finding($"{change.Resource} {change.Method} at {Rfc3339.Write(group.First)}", $"{happened.Diagnosis.Detail} {AdmissionEvents.Times(group)}.") with
        {
            Severity = Severity(new ExpectedMembers(facts.Request), finding, change.Kind),
            Remedy = AdmissionEvents.Remedy(rule, happened),
            Evidence = [AdmissionEvents.Entry(finding)],
            Since = group.First,
        };
    }

    // Whoever may write log entries can write that a key was revoked, and by whom: that word excuses nobody.
    private static AuditSeverity Severity(ExpectedMembers expected, Finding finding, TrustChangeKind kind) => kind switch
    {
        TrustChangeKind.KeyRevoked => AuditSeverity.Medium,
        _ when ExpectedMembers.Names(finding.Principal, expected.Administrators) => AuditSeverity.Note,
        TrustChangeKind.Attestor or TrustChangeKind.KeyDisabled or TrustChangeKind.KeyEnabled when ExpectedMembers.Names(finding.Principal, expected.Rotators) => AuditSeverity.Note,
        TrustChangeKind.Policy or TrustChangeKind.Attestor or TrustChangeKind.AttestorDeleted or TrustChangeKind.Access or TrustChangeKind.KeyEnabled => AuditSeverity.High,
        _ => AuditSeverity.Medium,
    };

    // Environments may share a project; each is judged by its own names.
    private static bool IsOfAnotherEnvironment(AuditFacts facts, string resource)
    {
        var id = resource.Split('/') switch
        {
            ["projects", _, "locations", _, "keyRings", var ring, ..] => ring,
            ["projects", _, "attestors" or "notes", var named, ..] => named,
            _ => "",
        };
        return EnvironmentIsolation.Owner(id) is { } owner && owner != facts.Request.Environment.Name;
    }
}
