using BinAuthz.Attestations;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.GoogleCloud;
using BinAuthz.Tests.Denials;

namespace BinAuthz.Tests.Auditing;

/// <summary>Attestations that others than the signer made: BA605.</summary>
public sealed class AttestationEventsTests
{
    private const string Note = "projects/acme-prod/notes/production-note";
    private static readonly string Image = DenialSamples.Image.ToString();
    private static readonly AttestationCall Call = new("projects/acme-prod/logs/data_access/1x2y", CleanFacts.Now, "mallory@evil.example", "CreateOccurrence", [Note], [Image]);

    [Fact]
    public void Judge_CallOfAnother_IsFound()
    {
        var finding = Judged.Finding("BA605", CleanEvents.WithCalls(Call));

        Assert.Equal((AuditSeverity.High, Call.Entry, Image, CleanFacts.Now), (finding.Severity, finding.Resource, finding.Image, finding.Since));
        Assert.Equal($"mallory@evil.example called CreateOccurrence at 2026-11-01T06:00:00.000Z, for {Image}.", finding.Detail);
        Assert.Equal(new EvidenceLink("log entry", Call.Entry), Assert.Single(finding.Evidence));
    }

    [Fact]
    public void Judge_CallThatTellsLittle_IsFoundAtLowerSeverity()
    {
        var finding = Judged.Finding("BA605", CleanEvents.WithCalls(Call with { Principal = "", Notes = [], Images = [] }));

        Assert.Equal((AuditSeverity.Medium, "Somebody whom the entry does not tell called CreateOccurrence at 2026-11-01T06:00:00.000Z, for images that the entry does not tell."), (finding.Severity, finding.Detail));
        Assert.Null(finding.Image);
    }

    [Fact]
    public void Judge_CallForSeveralImages_NamesNoneAsItsOwn() => Assert.Null(Judged.Finding("BA605", CleanEvents.WithCalls(Call with { Images = [Image, "b"] })).Image);

    [Fact]
    public void Judge_CallsOfTheSignerAndUnderOtherNotes_AreNotFound() => Assert.Empty(Judged.Findings(
        "BA605", CleanEvents.WithCalls(Call with { Principal = "production-signer@acme-prod.iam.gserviceaccount.com" }, Call with { Notes = ["projects/acme-prod/notes/other"] })));

    [Fact]
    public void Judge_CallUnderSeveralNotes_IsFoundWhenOneIsOurs() =>
        Assert.Equal(Call.Entry, Judged.Finding("BA605", CleanEvents.WithCalls(Call with { Notes = ["projects/acme-prod/notes/other", Note] })).Resource);

    [Fact]
    public void Judge_OneOfTwoAttestorsThatCannotBeRead_MakesEveryNoteCount()
    {
        var facts = CleanEvents.WithCalls(Call with { Notes = ["projects/acme-prod/notes/other"] });

        Assert.Single(Assert.IsType<RuleAssessment.NotAssessed>(Judged.By("BA605", facts with { Attestors = [facts.Attestors[0], facts.Attestors[0] with { Attestor = CleanFacts.Unknown<Attestor?>() }] })).Findings);
    }

    [Fact]
    public void Judge_AttestorThatCannotBeRead_IsNotAssessedAndEveryNoteCounts()
    {
        var facts = CleanEvents.WithCalls(Call with { Notes = ["projects/acme-prod/notes/other"] });

        var not = Assert.IsType<RuleAssessment.NotAssessed>(Judged.By("BA605", facts with { Attestors = [facts.Attestors[0] with { Attestor = CleanFacts.Unknown<Attestor?>() }] }));

        Assert.Single(not.Findings);
    }

    [Fact]
    public void Judge_LogIsOff_IsNotAssessedAndTellsWhatWasFound()
    {
        var facts = CleanEvents.WithCalls(Call);

        var not = Assert.IsType<RuleAssessment.NotAssessed>(Judged.By("BA605", facts with { Access = CleanAccess.Replace(CleanAccess.Project, _ => CleanFacts.Known(IamPolicy.Empty)) }));

        Assert.Equal("DATA_WRITE audit logs of containeranalysis.googleapis.com are off in acme-prod: nobody can tell who made attestations.", not.Reason);
        Assert.Single(not.Findings);
    }

    [Fact]
    public void Judge_PolicyOfTheProjectThatCannotBeReadOrIsMissing_IsNotAssessed()
    {
        Assert.Equal(
            "PERMISSION_DENIED: not allowed",
            Assert.IsType<RuleAssessment.NotAssessed>(Judged.By("BA605", CleanFacts.Facts with { Access = CleanAccess.Replace(CleanAccess.Project, _ => CleanFacts.Unknown<IamPolicy>()) })).Reason);
        Assert.IsType<RuleAssessment.NotAssessed>(Judged.By("BA605", CleanFacts.Facts with { Access = CleanAccess.Access with { Policies = [] } }));
    }

    [Fact]
    public void Judge_LogThatIsCutOrCannotBeRead_IsNotAssessed()
    {
        Assert.Equal(CleanEvents.Gap.Reason, Not(CleanFacts.Known(new AttestationCalls(CleanFacts.Project, [], CleanEvents.Gap))).Reason);
        Assert.Equal("PERMISSION_DENIED: not allowed", Not(CleanFacts.Unknown<AttestationCalls>()).Reason);
    }

    private static RuleAssessment.NotAssessed Not(Fact<AttestationCalls> calls) =>
        Assert.IsType<RuleAssessment.NotAssessed>(Judged.By("BA605", CleanFacts.Facts with { Events = CleanEvents.Events with { Attestations = [calls] } }));
}
