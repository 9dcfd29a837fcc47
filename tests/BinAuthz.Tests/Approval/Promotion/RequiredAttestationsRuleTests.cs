using BinAuthz.Approval;
using BinAuthz.Approval.Promotion;
using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Tests.Attestations;

namespace BinAuthz.Tests.Approval.Promotion;

public sealed class RequiredAttestationsRuleTests
{
    private static readonly ImageReference Image = ImageReference.Parse("us-docker.pkg.dev/acme-prod/apps/web@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc");
    private static readonly ImageReference Other = Image.WithDigest(ImageDigest.Of([1]));
    private static readonly Attestation Valid = AttestationSamples.Attestation("occurrence-gcloud-style.json");
    private static readonly Attestor Release = AttestationSamples.Attestor("attestor-single-key.json");
    private static readonly Attestor Rotated = AttestationSamples.Attestor("attestor-mid-rotation.json");
    private static readonly AttestorName Scanned = AttestorName.Parse("projects/acme-security/attestors/scanned");

    /// <summary>What is wrong with the only attestation, the attestor's keys, and what the reason says.</summary>
    private static readonly Dictionary<string, (ImageReference Image, Attestor Attestor, Attestation Attestation, string Reason)> Faults = new()
    {
        ["foreign key"] = (Image, Release with { Keys = [Rotated.Keys[1]] }, Valid, "it is signed by"),
        ["foreign key under the id"] = (Image, Release with { Keys = [Rotated.Keys[1] with { Id = Release.Keys[0].Id }] }, Valid, "does not verify"),
        ["attestor without keys"] = (Image, Release with { Keys = [] }, Valid, "lists no keys"),
        ["copied from another digest"] = (Other, Release, Valid with { ResourceUri = Other.ResourceUri }, "the signed payload is about"),
        ["stored for another image"] = (Other, Release, Valid, "it is stored for"),
        ["other note"] = (Image, Release, Valid with { Note = NoteName.Parse("projects/evil/notes/release-signed") }, "it is attached to"),
        ["unsigned"] = (Image, Release, Valid with { Signatures = [] }, "it carries no signature"),
        ["changed"] = (Image, Release, Valid with { Payload = TestData.Bytes("attestation/payload-compact.json") }, "over the stored payload"),
    };

    public static TheoryData<string> Worthless() => [.. Faults.Keys];

    [Fact]
    public void Evaluate_ValidAttestation_IsSatisfiedByIt()
    {
        var result = Evaluate(Image, (Release.Name, new AttestorEvidence(Release, [Valid])));

        Assert.Equal((RuleVerdict.Satisfied, "attestation-verified", ""), (result.Verdict, result.Code, result.Remedy));
        Assert.Equal([EvidenceReference.To(Valid.Name, Valid.Payload.Span)], result.Evidence);
        Assert.Contains(Release.Keys[0].Id, result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_NothingRead_IsAwaiting() => AssertAwaiting(Evaluate(Image), "attestation-missing", Release.Name.ToString());

    [Fact]
    public void Evaluate_NoAttestation_IsAwaitingTheAttestor() =>
        AssertAwaiting(Evaluate(Image, (Release.Name, new AttestorEvidence(Release, []))), "attestation-missing", Release.Name.ToString());

    [Theory]
    [MemberData(nameof(Worthless))]
    public void Evaluate_WorthlessAttestation_IsAwaitingAndSaysWhy(string fault)
    {
        var (image, attestor, attestation, reason) = Faults[fault];

        var result = Evaluate(image, (Release.Name, new AttestorEvidence(attestor, [attestation])));

        AssertAwaiting(result, "attestation-not-valid", reason);
        Assert.Single(result.Evidence);
    }

    [Fact]
    public void Evaluate_GoodBesideBad_IsSatisfiedByTheGoodOne()
    {
        var bad = Valid with { Name = "projects/p/occurrences/bad", Signatures = [] };

        var result = Evaluate(Image, (Release.Name, new AttestorEvidence(Release, [bad, Valid])));

        Assert.Equal(RuleVerdict.Satisfied, result.Verdict);
        Assert.Equal(Valid.Name, Assert.Single(result.Evidence).Name);
    }

    [Fact]
    public void Evaluate_NoSuchAttestor_IsViolatedWithTheRemedy()
    {
        var result = Evaluate(Image, (Release.Name, new AttestorEvidence(null, [])));

        Assert.Equal((RuleVerdict.Violated, "attestor-missing"), (result.Verdict, result.Code));
        Assert.Contains("binauthz setup", result.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_OneOfTwoMissing_NamesThatOne()
    {
        var result = EvaluateBoth((Release.Name, new AttestorEvidence(Release, [Valid])), (Scanned, new AttestorEvidence(Release with { Name = Scanned }, [])));

        AssertAwaiting(result, "attestation-missing", Scanned.ToString());
        Assert.DoesNotContain(Release.Name.ToString(), result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_OneMissingOneWithoutAttestor_IsViolatedAndNamesBoth()
    {
        var result = EvaluateBoth((Release.Name, new AttestorEvidence(Release, [])), (Scanned, new AttestorEvidence(null, [])));

        Assert.Equal((RuleVerdict.Violated, "attestor-missing"), (result.Verdict, result.Code));
        Assert.Contains(Release.Name.ToString(), result.Reason, StringComparison.Ordinal);
        Assert.Contains(Scanned.ToString(), result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_BothAttested_HasTheEvidenceOfBoth()
    {
        var scanned = Valid with { Name = "projects/p/occurrences/scanned" };

        var result = EvaluateBoth((Release.Name, new AttestorEvidence(Release, [Valid])), (Scanned, new AttestorEvidence(Release with { Name = Scanned }, [scanned])));

        Assert.Equal(RuleVerdict.Satisfied, result.Verdict);
        Assert.Equal([Valid.Name, scanned.Name], result.Evidence.Select(evidence => evidence.Name));
    }

    private static RuleResult Evaluate(ImageReference image, params (AttestorName Name, AttestorEvidence Evidence)[] attestors) =>
        new RequiredAttestationsRule([new RequiredAttestation(Release.Name, 1, 1)]).Evaluate(Facts(image, attestors), DateTimeOffset.UnixEpoch);

    private static RuleResult EvaluateBoth(params (AttestorName Name, AttestorEvidence Evidence)[] attestors) =>
        new RequiredAttestationsRule([new RequiredAttestation(Release.Name, 1, 1), new RequiredAttestation(Scanned, 2, 1)]).Evaluate(Facts(Image, attestors), DateTimeOffset.UnixEpoch);

    private static ImageFacts Facts(ImageReference image, (AttestorName Name, AttestorEvidence Evidence)[] attestors) =>
        new(image) { Attestors = attestors.ToDictionary(each => each.Name, each => each.Evidence) };

    private static void AssertAwaiting(RuleResult result, string code, string reason)
    {
        Assert.Equal((RuleVerdict.Awaiting, code), (result.Verdict, result.Code));
        Assert.Contains(reason, result.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(result.Remedy);
    }
}
