using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.Decisions;
using BinAuthz.Denials;
using BinAuthz.Tests.Decisions;

namespace BinAuthz.Tests.Denials;

/// <summary>Of several reasons, the one that says most is told.</summary>
public sealed class UnattestedDiagnosisTests
{
    private static readonly UnattestedImage Everything = new(DenialSamples.Image, DenialSamples.Attestor())
    {
        IsRegistered = true,
        Refusal = Refusal("rejected"),
        AttestedIndexes = [DenialSamples.Image.WithDigest(DecisionSamples.Platform)],
        OtherNotes = [NoteName.Parse("projects/acme-prod/notes/scanned-note")],
        Commit = "0f1e2d3c4b5a69788796a5b4c3d2e1f001122334",
    };

    [Fact]
    public void Of_Everything_TellsWhatSaysMost()
    {
        Assert.Equal(DiagnosisCause.UnknownRegistry, Cause(Everything with { IsInGooglesRegistry = false }));
        Assert.Equal(DiagnosisCause.DigestUnknown, Cause(Everything with { IsRegistered = false }));
        Assert.Equal(DiagnosisCause.RejectedByApproval, Cause(Everything));
        Assert.Equal(DiagnosisCause.RejectedByApproval, Cause(Everything with { IsRegistered = null }));
        Assert.Equal(DiagnosisCause.ChildOfAttestedIndex, Cause(Everything with { Refusal = Refusal("not_ready") }));
        Assert.Equal(DiagnosisCause.AttestedUnderAnotherNote, Cause(Everything with { Refusal = null, AttestedIndexes = [] }));
        Assert.Equal(DiagnosisCause.NotAttested, Cause(Everything with { Refusal = Refusal("not_ready"), AttestedIndexes = [], OtherNotes = [] }));
        Assert.Equal(DiagnosisCause.NotAttested, Cause(new UnattestedImage(DenialSamples.Image, DenialSamples.Attestor())));
    }

    [Fact]
    public void Of_Refusal_TellsTheCodesOfThePartsAndTheCommit()
    {
        var diagnosis = UnattestedDiagnosis.Of(Everything with { Unreadable = ["GetDockerImage was refused."] }, "No attestation.");

        Assert.Equal(["labels-missing", "scan-missing"], diagnosis.RefusalCodes);
        Assert.Equal(Everything.Commit, diagnosis.Commit);
        Assert.Contains("[labels-missing] No label.", diagnosis.Detail, StringComparison.Ordinal);
        Assert.EndsWith("Not known: GetDockerImage was refused.", diagnosis.Detail, StringComparison.Ordinal);
    }

    private static DiagnosisCause Cause(UnattestedImage facts) => UnattestedDiagnosis.Of(facts, "No attestation.").Cause;

    private static Decision Refusal(string outcome) => new(
        DateTimeOffset.UnixEpoch, "production", DecisionSamples.Name, DenialSamples.Image, outcome, "", ApprovalMode.Enforce, DecisionSamples.PolicyDigest,
        [
            new RuleResult("repositories", RuleVerdict.Satisfied, "repository-allowed", "Fine.", ""),
            new RuleResult("any", RuleVerdict.Violated, "any-violated", "Neither.", "")
            {
                Parts = [new RuleResult("labels", RuleVerdict.Violated, "labels-missing", "No label.", ""), new RuleResult("scans", RuleVerdict.Awaiting, "scan-missing", "No scan.", "")],
            },
        ]);
}
