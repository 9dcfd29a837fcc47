using System.Text.Json;
using BinAuthz.Attestations;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.Auditing.Reports;
using BinAuthz.Keys;

namespace BinAuthz.Tests.Auditing.Reports;

public sealed class ReportComposerTests
{
    private static readonly PreviousReport Link = new("audits/production/20261031T060000Z/statement.dsse.json", "sha256:0", 4);

    [Fact]
    public void Compose_Facts_TellsAttestorsKeysAndCoverage()
    {
        var report = ReportComposer.Compose(CleanFacts.Facts, Link);

        Assert.Equal(("production", CleanFacts.Project, CleanFacts.Now, CleanFacts.Now - TimeSpan.FromDays(1), Link), (report.Environment, report.Project, report.Time, report.Since, report.Previous));
        var attestor = Assert.Single(report.Attestors);
        Assert.Equal((CleanFacts.Attestor.Name.ToString(), CleanFacts.Attestor.Note.ToString(), 1, 1), (attestor.Name, attestor.Note, attestor.Attestations, attestor.Valid));
        Assert.Equal(new ReportedKey(CleanFacts.Version.PublicKeyId, SignatureAlgorithm.Default.BinAuthzName, "ENABLED", CleanFacts.Now - TimeSpan.FromDays(10), CleanFacts.Pem), Assert.Single(attestor.Keys));
        Assert.Equal(new ReportedCoverage(1, 1, 0, 0, 100), report.Coverage);
        Assert.Equal(AuditRules.All.Select(rule => rule.Id), report.Rules.Select(rule => rule.Id));
        using var policy = JsonDocument.Parse(report.Policy!);
        Assert.Equal("ENABLE", policy.RootElement.GetProperty("globalPolicyEvaluationMode").GetString());
    }

    [Fact]
    public void Compose_NothingKnown_SaysSoAndDoesNotThrow()
    {
        var unknown = CleanFacts.Facts.Attestors[0] with { Attestor = CleanFacts.Unknown<Attestor?>(), Versions = CleanFacts.Unknown<IReadOnlyList<AuditedVersion>>(), Attestations = CleanFacts.Unknown<AttestationTally>() };

        var report = ReportComposer.Compose(CleanFacts.Facts with { Attestors = [unknown], Coverage = CleanFacts.Unknown<Coverage>() }, null);

        Assert.False(report.IsComplete);
        var attestor = Assert.Single(report.Attestors);
        Assert.Equal((null, null, null), (attestor.Note, attestor.Attestations, attestor.Valid));
        Assert.Empty(attestor.Keys);
        Assert.Null(report.Coverage);
        Assert.Equal((null, null), (Assert.Single(report.Trend).Coverage, Assert.Single(report.Trend).OldestKeyAge));
    }

    [Fact]
    public void Compose_KeyWithoutVersion_HasNeitherStateNorTime()
    {
        var facts = CleanFacts.Facts with { Attestors = [CleanFacts.Facts.Attestors[0] with { Versions = CleanFacts.Known<IReadOnlyList<AuditedVersion>>([]) }] };

        var key = Assert.Single(ReportComposer.Compose(facts, null).Attestors[0].Keys);

        Assert.Equal((null, null), (key.State, key.Created));
    }

    [Fact]
    public void Compose_Rules_AreToldWithWhyAndForWhichControls() => Assert.Equal(
        AuditRules.All.Select(rule => (rule.Id, rule.Rationale, rule.Remedy, string.Join(' ', rule.Controls.Select(control => control.Id)))),
        ReportComposer.Compose(CleanFacts.Facts, null).Rules.Select(rule => (rule.Id, rule.Rationale, rule.Remedy, string.Join(' ', rule.Controls.Select(control => control.Id)))));

    [Fact]
    public void Compose_KeysOfSeveralAges_TellTheirStatesAndTheOldest()
    {
        var (attestor, young) = (CleanFacts.Facts.Attestors[0], CleanFacts.Subject.Key.Version(2));
        var versions = ((BinAuthz.Checkup.Fact<IReadOnlyList<AuditedVersion>>.Known)attestor.Versions).Value;
        var second = new AuditedVersion(versions[0].Description with { Name = young, State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState.PendingGeneration, Created = CleanFacts.Now - TimeSpan.FromDays(1) }, null);
        var trusted = CleanFacts.Attestor with { Keys = [.. CleanFacts.Attestor.Keys, CleanFacts.Attestor.Keys[0] with { Id = young.PublicKeyId }] };

        var report = ReportComposer.Compose(CleanFacts.Facts with { Attestors = [attestor with { Attestor = CleanFacts.Known<Attestor?>(trusted), Versions = CleanFacts.Known<IReadOnlyList<AuditedVersion>>([.. versions, second]) }] }, null);

        Assert.Equal(["ENABLED", "PENDING_GENERATION"], report.Attestors[0].Keys.Select(key => key.State));
        Assert.Equal(10, report.Trend[^1].OldestKeyAge);
    }

    [Fact]
    public void Compose_Trend_GoesOnAndForgetsTheOldest()
    {
        TrendPoint[] before = [.. Enumerable.Range(0, AuditReport.MaximumTrend + 5).Select(day => new TrendPoint(CleanFacts.Now - TimeSpan.FromDays(1000 - day), day, null, day))];

        var trend = ReportComposer.Compose(CleanFacts.Facts with { Previous = Previous(before) }, Link).Trend;

        Assert.Equal(AuditReport.MaximumTrend, trend.Count);
        Assert.Equal(before.TakeLast(AuditReport.MaximumTrend - 1), trend.SkipLast(1));
        Assert.Equal(new TrendPoint(CleanFacts.Now, 100, 10, 0), trend[^1]);
    }

    [Fact]
    public void Compose_RepeatedRun_HasOnePointForItsTime()
    {
        TrendPoint[] before = [new(CleanFacts.Now - TimeSpan.FromDays(1), 90, 9, 3), new(CleanFacts.Now, 1, 1, 1)];

        Assert.Equal([before[0].Time, CleanFacts.Now], ReportComposer.Compose(CleanFacts.Facts with { Previous = Previous(before) }, Link).Trend.Select(point => point.Time));
    }

    [Fact]
    public void Compose_Trend_CountsFindingsWithoutNotes()
    {
        var orphan = AuditRules.All.Single(rule => rule.Id == "BA106");
        var bad = AuditRules.All.Single(rule => rule.Id == "BA103");
        var other = AuditRules.All.Single(rule => rule.Id == "BA104");
        var tally = new AttestationTally(60, 1, new Dictionary<string, RuleAssessment>
        {
            ["BA106"] = new RuleAssessment.Assessed([orphan.Finding("a", "b")]) { Count = 40 },
            ["BA103"] = new RuleAssessment.Assessed([bad.Finding("a", "b"), bad.Finding("e", "f"), bad.Finding("c", "d") with { Severity = AuditSeverity.Note }]) { Count = 9 },
            ["BA104"] = new RuleAssessment.Assessed([other.Finding("a", "b")]),
        });

        var report = ReportComposer.Compose(CleanFacts.Facts with { Attestors = [CleanFacts.Facts.Attestors[0] with { Attestations = CleanFacts.Known(tally) }] }, null);

        Assert.Equal(9, report.Trend[^1].Findings);
        Assert.Equal(["BA103 a", "BA103 e", "BA104 a", "BA103 c", "BA106 a"], report.Findings.Select(finding => $"{finding.Rule} {finding.Resource}"));
        Assert.Equal((RuleStatus.Failed, 40), report.Rules.Where(rule => rule.Id == "BA106").Select(rule => (rule.Status, rule.Count)).Single());
    }

    private static AuditReport Previous(IReadOnlyList<TrendPoint> trend) =>
        new("production", CleanFacts.Project, CleanFacts.Now - TimeSpan.FromDays(1), CleanFacts.Now - TimeSpan.FromDays(2), [], [], [], null, trend);
}
