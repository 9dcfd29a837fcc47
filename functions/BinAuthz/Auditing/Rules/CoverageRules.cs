using System.Globalization;
using BinAuthz.Auditing.Facts;
using BinAuthz.Auditing.Scanning;
using BinAuthz.Checkup;
using BinAuthz.Setup;

namespace BinAuthz.Auditing.Rules;

/// <summary>The rules about what has no valid attestation.</summary>
internal static class CoverageRules
{
    private static readonly AuditControl[] Verification = [AuditControl.ChangeManagement, AuditControl.SlsaVerification, AuditControl.SignedComponents];

    public static IReadOnlyList<AuditRule> All { get; } =
    [
        new("BA401", "A stored image has no valid attestation", AuditSeverity.Medium,
            "It cannot be deployed where the policy is enforced, and where it is not, nobody has approved what would run.",
            "Ask why with `binauthz approval explain IMAGE`; sign it with `binauthz sign IMAGE`, or delete it if nobody needs it.", Verification, Stored),
        new("BA402", "A running image has no valid attestation", AuditSeverity.High,
            "What nobody approved runs: it was admitted by break-glass, by a dry run, by a rule that does not ask, or before the policy was.",
            "Find out with `binauthz denials` how it was admitted. Sign it with `binauthz sign IMAGE` if approval says yes, else take it down.",
            [AuditControl.Boundary, AuditControl.HipaaIntegrity, .. Verification], Running),
        new("BA403", "An image waits for evidence past its deadline", AuditSeverity.Medium,
            "A scan, a build's provenance or another attestation that the approval policy asks for has not come: something before the signer does not work.",
            "See in the decision which evidence is missing and mend what should bring it; `binauthz sign IMAGE` weighs the image again.",
            [AuditControl.Monitoring, AuditControl.ChangeManagement, AuditControl.SlsaVerification], Overdue),
        new("BA404", "Coverage fell", AuditSeverity.Medium,
            "Fewer of the images have a valid attestation than in the report before: either unsigned images came, or a key lost trust before its images were signed anew.",
            "Look at the images without an attestation in this report; after a rotation run `binauthz rotate` and let it sign them anew.",
            [AuditControl.Monitoring, AuditControl.ChangeManagement, AuditControl.SignedComponents], Fallen),
    ];

    private static RuleAssessment Stored(AuditRule rule, AuditFacts facts) => Counted(
        RuleAssessment.Of(facts.Coverage, coverage => coverage.Unattested.Where(image => CoverageComposer.IsOverdue(image, facts.Request)).Select(image =>
            Finding(rule, image, $"{image.Attestor} has no valid attestation of it{Age(image, facts)}.{Decision(image)}"))),
        facts, coverage => coverage.StoredMissing);

    private static RuleAssessment Running(AuditRule rule, AuditFacts facts)
    {
        var severity = facts.Request.Environment == DeploymentEnvironment.Production ? AuditSeverity.Critical : rule.Severity;
        var assessed = Counted(
            RuleAssessment.Of(facts.Coverage, coverage => coverage.Unattested.Where(image => image.IsRunning).Select(image =>
                Finding(rule, image, $"A pod runs it, and {image.Attestor} has no valid attestation of it.{Decision(image)}") with { Severity = severity })),
            facts, coverage => coverage.RunningMissing);
        // What the policy exempts needs no attestation; while that is not known, a finding may be none.
        return facts.Coverage is Fact<Coverage>.Known { Value.Exemptions: { } why } ? RuleAssessment.NotKnown([why], []) : assessed;
    }

    private static RuleAssessment Overdue(AuditRule rule, AuditFacts facts) =>
        facts.Coverage is Fact<Coverage>.Known { Value.Decisions: { } why }
            ? RuleAssessment.NotKnown([why], [])
            : RuleAssessment.Of(facts.Coverage, coverage => coverage.Unattested.Where(image => IsOverdue(image, facts)).Select(image =>
                Finding(rule, image, $"It waits for evidence since {Rfc3339.Write(Since(image))}, longer than the {Hours(facts.Request.Deadlines[image.Attestor])} that the approval policy of {image.Attestor} gives.{Decision(image)}") with { Since = Since(image) }));

    private static RuleAssessment Fallen(AuditRule rule, AuditFacts facts) => RuleAssessment.Of(facts.Coverage, coverage =>
        facts.Previous?.Coverage is { } before && Shown(before.Percent) > Shown(coverage.Percent)
            ? [rule.Finding($"projects/{facts.Request.Project}", string.Create(
                CultureInfo.InvariantCulture,
                $"{coverage.Percent:0.0} % of the images of {facts.Request.Environment} are attested, after {before.Percent:0.0} % on {Rfc3339.Write(facts.Previous.Time)}: {coverage.Stored - coverage.StoredAttested} of {coverage.Stored} stored and {coverage.Running - coverage.RunningAttested} of {coverage.Running} running ones are not."))]
            : (AuditFinding[])[]);

    private static bool IsOverdue(UncoveredImage image, AuditFacts facts) =>
        image.Decision is { Outcome: "not_ready" } && facts.Request.Deadlines.TryGetValue(image.Attestor, out var deadline) && facts.Now - Since(image) > deadline;

    // Less than a tenth of a percent is no fall that anybody could see.
    private static double Shown(double percent) => Math.Round(percent, 1);

    private static string Hours(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.##} hours");

    private static DateTimeOffset Since(UncoveredImage image) => image.Uploaded ?? image.Decision!.Time;

    // The images of several attestors are told apart by who misses them.
    private static AuditFinding Finding(AuditRule rule, UncoveredImage image, string detail) => rule.Finding($"{Name(image)} for {image.Attestor}", detail) with
    {
        Image = Name(image),
        Since = image.Uploaded,
        Evidence = image.Decision is { } decision ? [new EvidenceLink("decision record", decision.Record)] : [],
    };

    private static string Name(UncoveredImage image) => image.Image?.ToString() ?? image.Digest.Value;

    private static string Age(UncoveredImage image, AuditFacts facts) =>
        image.Uploaded is { } uploaded ? string.Create(CultureInfo.InvariantCulture, $", {(facts.Now - uploaded).TotalDays:0.0} days after it was pushed") : "";

    private static string Decision(UncoveredImage image) =>
        image.Decision is { } decision ? $" The signer's last word, on {Rfc3339.Write(decision.Time)}: {decision.Outcome}, {Clip.Text(decision.Detail)}" : "";

    private static RuleAssessment Counted(RuleAssessment assessment, AuditFacts facts, Func<Coverage, long> count) =>
        assessment is RuleAssessment.Assessed assessed && facts.Coverage is Fact<Coverage>.Known known
            ? assessed with { Count = Math.Max(assessed.Findings.Count, count(known.Value)) }
            : assessment;
}
