using BinAuthz.Approval;
using BinAuthz.Images;
using BinAuthz.Tests.Approval.Provenance;

namespace BinAuthz.Tests.Approval;

public sealed class AttestorPolicyTests
{
    [Fact]
    public void Evaluate_AllRulesSatisfied_IsApproved()
    {
        var decision = ProvenanceSamples.Policy.Attestors[0].Evaluate(ProvenanceSamples.Facts(ProvenanceSamples.Recorded), DateTimeOffset.UnixEpoch);

        Assert.Equal(2, Assert.IsType<ApprovalDecision.Approved>(decision).Results.Count);
    }

    [Fact]
    public void Evaluate_ProvenanceStillMissing_IsNotReady() =>
        Assert.IsType<ApprovalDecision.NotReady>(ProvenanceSamples.Policy.Attestors[0].Evaluate(ProvenanceSamples.Facts(), DateTimeOffset.UnixEpoch));

    [Fact]
    public void Evaluate_WrongRepositoryAndNoProvenance_IsRejected()
    {
        var image = ImageReference.Parse($"gcr.io/evil/web@{ProvenanceSamples.Image.Digest}");

        var decision = ProvenanceSamples.Policy.Attestors[0].Evaluate(ProvenanceSamples.Facts() with { Image = image }, DateTimeOffset.UnixEpoch);

        Assert.Equal([RuleVerdict.Violated, RuleVerdict.Awaiting], Assert.IsType<ApprovalDecision.Rejected>(decision).Results.Select(result => result.Verdict));
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(25, true)]
    public void Evaluate_StillWaiting_IsRejectedAfterTheDeadline(int hours, bool rejected)
    {
        var uploaded = new DateTimeOffset(2026, 10, 1, 8, 0, 0, TimeSpan.Zero);
        var policy = ProvenanceSamples.Policy.Attestors[0] with { Deadline = TimeSpan.FromHours(24) };

        var decision = policy.Evaluate(ProvenanceSamples.Facts() with { Uploaded = uploaded }, uploaded.AddHours(hours));

        Assert.Equal(rejected, decision is ApprovalDecision.Rejected);
        Assert.Equal(rejected, decision.Results.Any(result => result.Code == "deadline-passed"));
        Assert.Contains(decision.Results, result => result.Code == "provenance-missing");
    }

    [Fact]
    public void Evaluate_EvidenceAfterTheDeadline_IsApproved()
    {
        var uploaded = new DateTimeOffset(2026, 10, 1, 8, 0, 0, TimeSpan.Zero);
        var policy = ProvenanceSamples.Policy.Attestors[0] with { Deadline = TimeSpan.FromHours(24) };

        Assert.IsType<ApprovalDecision.Approved>(policy.Evaluate(ProvenanceSamples.Facts(ProvenanceSamples.Recorded) with { Uploaded = uploaded }, uploaded.AddDays(30)));
    }

    [Fact]
    public void RefuseByName_AllowedName_LeavesTheDecisionToEvidence() =>
        Assert.Null(ProvenanceSamples.Policy.Attestors[0].RefuseByName(ProvenanceSamples.Image, DateTimeOffset.UnixEpoch));

    [Fact]
    public void RefuseByName_OtherRepository_IsRejected() =>
        Assert.NotNull(ProvenanceSamples.Policy.Attestors[0].RefuseByName(ImageReference.Parse($"gcr.io/evil/web@{ProvenanceSamples.Image.Digest}"), DateTimeOffset.UnixEpoch));
}
