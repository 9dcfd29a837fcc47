using BinAuthz.Attestations;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.Auditing.Reports;
using BinAuthz.Checkup;
using BinAuthz.Setup;
using BinAuthz.Tests.Auditing.Scanning;

namespace BinAuthz.Tests.Auditing.Rules;

public sealed class CoverageRulesTests
{
    private static readonly UncoveredImage Missing = new(ScanFacts.Digest(1), CleanFacts.Subject.Attestor) { Image = ScanFacts.Image(1), Uploaded = CleanFacts.Now - TimeSpan.FromHours(30) };
    private static readonly LastDecision NotReady = new("not_ready", CleanFacts.Now - TimeSpan.FromHours(29), "The scan is missing.", "gs://evidence/refusal.json");

    [Theory]
    [InlineData(30.0, 1)]
    [InlineData(1.0, 1)]
    [InlineData(0.9, 0)]
    [InlineData(null, 1)]
    public void Stored_ImageWithoutAttestation_IsFoundAfterTheGrace(double? hours, int count)
    {
        var image = Missing with { Uploaded = hours is { } age ? CleanFacts.Now - TimeSpan.FromHours(age) : null };

        var found = Assessed("BA401", With(image));

        Assert.Equal(count, found.Findings.Count);
        Assert.All(found.Findings, finding => Assert.Equal((ScanFacts.Image(1).ToString(), AuditSeverity.Medium, image.Uploaded), (finding.Image, finding.Severity, finding.Since)));
        Assert.Empty(Assessed("BA402", With(image)).Findings);
    }

    [Fact]
    public void Stored_ConfiguredGrace_Counts() =>
        Assert.Empty(Assessed("BA401", With(Missing) with { Request = CleanFacts.Request with { Options = new AuditOptions { Grace = TimeSpan.FromHours(31) } } }).Findings);

    [Fact]
    public void Stored_MoreThanAreNamed_CountsAll()
    {
        var facts = With(Missing);
        var coverage = ((BinAuthz.Checkup.Fact<Coverage>.Known)facts.Coverage).Value with { StoredMissing = 5000, RunningMissing = 70 };

        Assert.Equal(5000, Assessed("BA401", facts with { Coverage = CleanFacts.Known(coverage) }).Count);
        Assert.Equal(70, Assessed("BA402", facts with { Coverage = CleanFacts.Known(coverage) }).Count);
    }

    [Fact]
    public void Stored_Decision_IsToldWithItsRecord()
    {
        var finding = Assert.Single(Assessed("BA401", With(Missing with { Decision = NotReady })).Findings);

        Assert.Contains("The scan is missing.", finding.Detail, StringComparison.Ordinal);
        Assert.Equal(NotReady.Record, Assert.Single(finding.Evidence).Name);
    }

    [Fact]
    public void Running_ImageWithoutAttestation_IsCriticalInProductionAndHighElsewhere()
    {
        var facts = With(Missing with { IsRunning = true, Image = null });

        var finding = Assert.Single(Assessed("BA402", facts).Findings);
        Assert.Equal((AuditSeverity.Critical, ScanFacts.Digest(1).Value), (finding.Severity, finding.Image));
        Assert.Equal(AuditSeverity.High, Assert.Single(Assessed("BA402", facts with { Request = CleanFacts.Request with { Environment = DeploymentEnvironment.Staging } }).Findings).Severity);
        Assert.Empty(Assessed("BA401", facts).Findings);
    }

    [Fact]
    public void Running_ExemptionsNotKnown_IsNotAssessed()
    {
        var coverage = new Coverage(0, 0, 1, 0, [Missing with { IsRunning = true }]) { Exemptions = new Obstacle("no policy", "grant", IsTransient: false) };

        Assert.Equal("no policy", Assert.IsType<RuleAssessment.NotAssessed>(Judge("BA402", CleanFacts.Facts with { Coverage = CleanFacts.Known(coverage) })).Reason);
    }

    [Theory]
    [InlineData("not_ready", 24, 1)]
    [InlineData("not_ready", 30, 0)]
    [InlineData("rejected", 24, 0)]
    [InlineData("not_ready", null, 0)]
    public void Overdue_NotReady_IsFoundPastTheDeadline(string outcome, int? deadline, int count)
    {
        var facts = With(Missing with { Decision = NotReady with { Outcome = outcome } }, deadline);

        var found = Assessed("BA403", facts);

        Assert.Equal(count, found.Findings.Count);
        Assert.All(found.Findings, finding => Assert.Contains("24 hours", finding.Detail, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(28, 1)]
    [InlineData(29, 0)]
    public void Overdue_ImageOfUnknownAge_WaitsSinceTheDecision(int deadline, int count) =>
        Assert.Equal(count, Assessed("BA403", With(Missing with { Uploaded = null, Decision = NotReady }, deadline)).Findings.Count);

    [Fact]
    public void Overdue_DecisionsNotKnown_IsNotAssessed()
    {
        var coverage = new Coverage(1, 0, 0, 0, [Missing]) { Decisions = new Obstacle("no bucket", "grant", IsTransient: false) };

        Assert.Equal("no bucket", Assert.IsType<RuleAssessment.NotAssessed>(Judge("BA403", CleanFacts.Facts with { Coverage = CleanFacts.Known(coverage) })).Reason);
    }

    [Theory]
    [InlineData(100.0, 1)]
    [InlineData(50.06, 1)]
    [InlineData(50.04, 0)]
    [InlineData(50.0, 0)]
    [InlineData(20.0, 0)]
    [InlineData(null, 0)]
    public void Fallen_LessThanBefore_IsFound(double? before, int count)
    {
        var previous = new AuditReport("production", CleanFacts.Project, CleanFacts.Now - TimeSpan.FromDays(1), CleanFacts.Now - TimeSpan.FromDays(2), [], [], [], before is { } percent ? new ReportedCoverage(1, 1, 1, 1, percent) : null, []);

        var found = Assessed("BA404", With(Missing) with { Previous = previous });

        Assert.Equal(count, found.Findings.Count);
        Assert.All(found.Findings, finding => Assert.Contains("50.0 %", finding.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public void Fallen_CountsOfImages_AreTold()
    {
        var previous = new AuditReport("production", CleanFacts.Project, CleanFacts.Now - TimeSpan.FromDays(1), CleanFacts.Now - TimeSpan.FromDays(2), [], [], [], new ReportedCoverage(1, 1, 1, 1, 100), []);

        var finding = Assert.Single(Assessed("BA404", With(Missing) with { Previous = previous, Coverage = CleanFacts.Known(new Coverage(20, 13, 9, 5, [Missing])) }).Findings);

        Assert.EndsWith("7 of 20 stored and 4 of 9 running ones are not.", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Overdue_UploadedAnewAfterTheDecision_WaitsSinceTheUpload() =>
        Assert.Empty(Assessed("BA403", With(Missing with { Uploaded = CleanFacts.Now - TimeSpan.FromHours(10), Decision = NotReady }, 24)).Findings);

    [Fact]
    public void Fallen_FirstReport_IsNot() => Assert.Empty(Assessed("BA404", With(Missing)).Findings);

    [Theory]
    [InlineData("BA401")]
    [InlineData("BA402")]
    [InlineData("BA403")]
    [InlineData("BA404")]
    public void All_CoverageNotKnown_AreNotAssessed(string rule) => Assert.IsType<RuleAssessment.NotAssessed>(Judge(rule, CleanFacts.Facts with { Coverage = CleanFacts.Unknown<Coverage>() }));

    [Theory]
    [InlineData("BA101")]
    [InlineData("BA107")]
    [InlineData("BA110")]
    public void AttestationRules_AttestationsNotKnown_AreNotAssessed(string rule)
    {
        var unknown = CleanFacts.Facts.Attestors[0] with { Attestations = CleanFacts.Unknown<AttestationTally>() };

        Assert.IsType<RuleAssessment.NotAssessed>(Judge(rule, CleanFacts.Facts with { Attestors = [CleanFacts.Facts.Attestors[0], unknown] }));
    }

    [Fact]
    public void AttestationRules_SeveralAttestors_FindingsAddUp()
    {
        var rule = AuditRules.All.Single(each => each.Id == "BA103");
        var tally = new AttestationTally(2, 0, new Dictionary<string, RuleAssessment> { ["BA103"] = new RuleAssessment.Assessed([rule.Finding("a", "b")]) { Count = 9 } });
        var attestor = CleanFacts.Facts.Attestors[0] with { Attestations = CleanFacts.Known(tally) };

        var found = Assessed("BA103", CleanFacts.Facts with { Attestors = [attestor, attestor] });

        Assert.Equal((18, 2), (found.Count, found.Findings.Count));
    }

    private static AuditFacts With(UncoveredImage image, int? deadline = null) => CleanFacts.Facts with
    {
        Coverage = CleanFacts.Known(new Coverage(2, 1, 0, 0, [image])),
        Request = CleanFacts.Request with { Deadlines = deadline is { } hours ? new Dictionary<AttestorName, TimeSpan> { [CleanFacts.Subject.Attestor] = TimeSpan.FromHours(hours) } : new Dictionary<AttestorName, TimeSpan>() },
    };

    private static RuleAssessment Judge(string id, AuditFacts facts)
    {
        var rule = AuditRules.All.Single(each => each.Id == id);
        return rule.Judge(rule, facts);
    }

    private static RuleAssessment.Assessed Assessed(string id, AuditFacts facts) => Assert.IsType<RuleAssessment.Assessed>(Judge(id, facts));
}
