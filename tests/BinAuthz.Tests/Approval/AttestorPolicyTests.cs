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
}
