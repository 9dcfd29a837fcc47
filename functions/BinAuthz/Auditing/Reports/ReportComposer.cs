using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Keys;
using BinAuthz.Policies;

namespace BinAuthz.Auditing.Reports;

/// <summary>Makes the report of what was read: the rules judge, and the worst comes first.</summary>
internal static class ReportComposer
{
    /// <summary>Judges and composes.</summary>
    public static AuditReport Compose(AuditFacts facts, PreviousReport? previous)
    {
        var judged = AuditRules.All.Select(rule => (Rule: rule, Assessment: rule.Judge(rule, facts))).ToArray();
        AuditFinding[] findings =
        [
            .. judged.SelectMany(each => Findings(each.Assessment))
                .OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Rule, StringComparer.Ordinal).ThenBy(finding => finding.Resource, StringComparer.Ordinal),
        ];
        ReportedRule[] rules = [.. judged.Select(each => Describe(each.Rule, each.Assessment))];
        ReportedAttestor[] attestors = [.. facts.Attestors.Select(Describe)];
        var coverage = facts.Coverage is Fact<Coverage>.Known known ? Describe(known.Value) : null;
        return new AuditReport(
            facts.Request.Environment.Name, facts.Request.Project, facts.Now, facts.Since, rules, findings, attestors, coverage, Trend(facts, rules, findings, attestors, coverage))
        {
            Previous = previous,
            Policy = facts.Policy.Policy is Fact<Google.Cloud.BinaryAuthorization.V1.Policy>.Known policy ? new PolicyDocument(policy.Value).ToJson().ToJsonString() : null,
        };
    }

    private static IReadOnlyList<AuditFinding> Findings(RuleAssessment assessment) => assessment switch
    {
        RuleAssessment.Assessed assessed => assessed.Findings,
        RuleAssessment.NotAssessed not => not.Findings,
        _ => throw new InvalidOperationException($"{assessment.GetType().Name} is no assessment that is known here."),
    };

    private static ReportedRule Describe(AuditRule rule, RuleAssessment assessment)
    {
        var (status, count, reason) = assessment switch
        {
            RuleAssessment.Assessed assessed => (assessed.Count == 0 ? RuleStatus.Passed : RuleStatus.Failed, assessed.Count, ""),
            RuleAssessment.NotAssessed not => (RuleStatus.NotAssessed, not.Findings.Count, $"{not.Reason} {not.Remedy}"),
            _ => throw new InvalidOperationException($"{assessment.GetType().Name} is no assessment that is known here."),
        };
        return new ReportedRule(rule.Id, rule.Title, rule.Severity, status, count, reason) { Rationale = rule.Rationale, Remedy = rule.Remedy, Controls = rule.Controls };
    }

    private static ReportedAttestor Describe(AuditedAttestor audited)
    {
        var attestor = audited.Attestor.Or(null);
        var tally = audited.Attestations is Fact<AttestationTally>.Known known ? known.Value : null;
        return new ReportedAttestor(audited.Subject.Attestor.ToString(), attestor?.Note.ToString(), tally?.Total, tally?.Valid, [.. (attestor?.Keys ?? []).Select(key => Describe(key, audited))]);
    }

    private static ReportedKey Describe(AttestorKey key, AuditedAttestor audited)
    {
        var version = audited.Versions.Or([]).FirstOrDefault(version => version.Description.Name.PublicKeyId == key.Id)?.Description;
        return new ReportedKey(key.Id, key.Algorithm?.BinAuthzName, version is null ? null : Constant(version.State.ToString()), version?.Created, key.Pem);
    }

    // PENDING_GENERATION, as Cloud KMS writes it.
    private static string Constant(string name) => string.Concat(name.Select((letter, place) => place > 0 && char.IsUpper(letter) ? $"_{letter}" : char.ToUpperInvariant(letter).ToString()));

    private static ReportedCoverage Describe(Coverage coverage) => new(coverage.Stored, coverage.StoredAttested, coverage.Running, coverage.RunningAttested, coverage.Percent);

    private static IReadOnlyList<TrendPoint> Trend(AuditFacts facts, IReadOnlyList<ReportedRule> rules, IReadOnlyList<AuditFinding> findings, IReadOnlyList<ReportedAttestor> attestors, ReportedCoverage? coverage)
    {
        var created = attestors.SelectMany(attestor => attestor.Keys).Select(key => key.Created).Min();
        var age = created is { } oldest ? (facts.Now - oldest).TotalDays : (double?)null;
        var serious = rules.Where(rule => rule.Severity > AuditSeverity.Note).ToDictionary(rule => rule.Id, rule => rule.Count, StringComparer.Ordinal);
        var notes = findings.Count(finding => finding.Severity == AuditSeverity.Note && serious.ContainsKey(finding.Rule));
        var point = new TrendPoint(facts.Now, coverage?.Percent, age, serious.Values.Sum() - notes);
        // A run that is repeated has the same time, and one point.
        return [.. (facts.Previous?.Trend ?? []).Where(before => before.Time < facts.Now).TakeLast(AuditReport.MaximumTrend - 1), point];
    }
}
