using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;

namespace BinAuthz.Auditing.Rules;

/// <summary>The rules about what happened since the report before.</summary>
internal static class EventRules
{
    public static IReadOnlyList<AuditRule> All { get; } =
    [
        new(
            "BA601",
            "Break-glass was used",
            AuditSeverity.High,
            "Break-glass lets an image run that nobody approved. It is meant for emergencies, and each use has to be explained.",
            "Ask whoever did it why, and deploy again without break-glass as soon as the image is signed.",
            [AuditControl.Boundary, AuditControl.Monitoring, AuditControl.ChangeManagement, AuditControl.HipaaAudit],
            (rule, facts) => Judge(rule, facts, AdmissionEvents.BreakGlass)),
        new(
            "BA602",
            "Images were admitted unchecked",
            AuditSeverity.Critical,
            "When Binary Authorization does not answer, the cluster admits pods unchecked (fail-open): whatever came in then was never verified.",
            "Check what runs with `binauthz check`, and delete pods that the policy would not admit.",
            [AuditControl.Boundary, AuditControl.Monitoring, AuditControl.SlsaVerification, AuditControl.Integrity],
            (rule, facts) => Judge(rule, facts, AdmissionEvents.FailOpen)),
        new(
            "BA603",
            "Images were denied, or would have been",
            AuditSeverity.Low,
            "A denial is the gate at work; its cause tells whether somebody tried to run what nobody approved, or whether the gate itself is out of order.",
            "Mend the cause.",
            [AuditControl.Boundary, AuditControl.Monitoring, AuditControl.SignedComponents],
            (rule, facts) => Judge(rule, facts, AdmissionEvents.Denial)),
        new(
            "BA604",
            "What is trusted was changed",
            AuditSeverity.Medium,
            "Whoever changes the policy, an attestor, a key version or access to them decides what may run. The rotator's and the administrators' changes are expected, and told as notes.",
            "Ask whether the change was meant, and take it back if not.",
            [AuditControl.LogicalAccess, AuditControl.Monitoring, AuditControl.ChangeManagement, AuditControl.KeyManagement],
            (rule, facts) => Judge(rule, facts, TrustEvents.Judge)),
        new(
            "BA605",
            "Attestations were made by others than the signer",
            AuditSeverity.High,
            "The signer weighs the approval policy and records why it signed. An attestation that somebody else made has neither; the Data Access log tells of it.",
            "Find out who signed and why. Revoke the key with `binauthz rotate revoke` if it was used past the signer.",
            [AuditControl.LogicalAccess, AuditControl.Monitoring, AuditControl.ChangeManagement, AuditControl.SignedComponents],
            AttestationEvents.Judge),
    ];

    private static RuleAssessment Judge(AuditRule rule, AuditFacts facts, Func<AuditRule, AuditFacts, AuditedEvent, AuditFinding?> judge) =>
        RuleAssessment.All(facts.Events.Logs.Select(log => Complete(
            log, known => known.Gap, RuleAssessment.Of(log, known => known.Events.Select(each => judge(rule, facts, each)).OfType<AuditFinding>()))));

    /// <summary>What was read in part is not assessed, with what was found in that part.</summary>
    internal static RuleAssessment Complete<T>(Fact<T> fact, Func<T, Obstacle?> gap, RuleAssessment assessment) =>
        fact is Fact<T>.Known known && gap(known.Value) is { } obstacle && assessment is RuleAssessment.Assessed assessed
            ? RuleAssessment.NotKnown([obstacle], assessed.Findings)
            : assessment;
}
