using System.Text.Json.Nodes;
using BinAuthz.Approval;
using BinAuthz.Decisions;

namespace BinAuthz.Tests.Decisions;

public sealed class VerificationSummaryTests
{
    private static readonly ResignedFrom From = new(DecisionSamples.Key.Key.Version(1).ToString(), "projects/acme-prod/occurrences/1", DecisionSamples.PolicyDigest, null);

    [Fact]
    public void ToBytes_Statement_HasWhatInTotoAndSlsaRequire()
    {
        var statement = JsonNode.Parse(DecisionSamples.Summary.ToBytes())!;

        Assert.Equal("https://in-toto.io/Statement/v1", (string?)statement["_type"]);
        Assert.Equal("https://slsa.dev/verification_summary/v1", (string?)statement["predicateType"]);
        Assert.Equal([new string('a', 64), new string('b', 64)], statement["subject"]!.AsArray().Select(subject => (string?)subject!["digest"]!["sha256"]));
        var predicate = statement["predicate"]!;
        Assert.Equal("urn:binauthz:sign-image", (string?)predicate["verifier"]!["id"]);
        Assert.NotEmpty((string)predicate["verifier"]!["version"]!["binauthz"]!);
        Assert.Equal("2026-10-01T08:15:30.123Z", (string?)predicate["timeVerified"]);
        Assert.Equal(DecisionSamples.Image.ResourceUri, (string?)predicate["resourceUri"]);
        Assert.Equal(new string('3', 64), (string?)predicate["policy"]!["digest"]!["sha256"]);
        Assert.True(Uri.IsWellFormedUriString((string?)predicate["policy"]!["uri"], UriKind.Absolute));
        Assert.Equal("PASSED", (string?)predicate["verificationResult"]);
        Assert.Equal("1.0", (string?)predicate["slsaVersion"]);
    }

    [Fact]
    public void ToBytes_Levels_ClaimNone() =>
        Assert.Equal(["SLSA_BUILD_LEVEL_UNEVALUATED"], JsonNode.Parse(DecisionSamples.Summary.ToBytes())!["predicate"]!["verifiedLevels"]!.AsArray().Select(level => (string?)level));

    [Fact]
    public void ToBytes_Inputs_AreAllEvidenceByAddressAndDigest()
    {
        var inputs = JsonNode.Parse(DecisionSamples.Summary.ToBytes())!["predicate"]!["inputAttestations"]!.AsArray();

        Assert.Equal(
            ["https://containeranalysis.googleapis.com/v1/projects/acme-prod/occurrences/1", "https://containeranalysis.googleapis.com/v1/projects/acme-prod/occurrences/2"],
            inputs.Select(input => (string?)input!["uri"]));
        Assert.All(inputs, input => Assert.Matches("^[0-9a-f]{64}$", (string?)input!["digest"]!["sha256"]));
    }

    [Fact]
    public void ToBytes_Extension_IsNamedByAUriAndHoldsEveryRule()
    {
        var decision = JsonNode.Parse(DecisionSamples.Summary.ToBytes())!["predicate"]!["urn:binauthz:decision"]!;

        Assert.Equal(DecisionSamples.Name.ToString(), (string?)decision["attestor"]);
        Assert.Equal(DecisionSamples.Key.ToString(), (string?)decision["keyVersion"]);
        Assert.Equal(["repository-allowed", "any-satisfied"], decision["rules"]!.AsArray().Select(rule => (string?)rule!["code"]));
        Assert.Equal("scan-missing", (string?)decision["rules"]![1]!["parts"]![1]!["code"]);
    }

    [Fact]
    public void ToBytes_SameDecision_IsTheSameBytes() =>
        Assert.Equal(DecisionSamples.Summary.ToBytes(), (DecisionSamples.Summary with { Rules = [.. DecisionSamples.Rules], Verified = DecisionSamples.Summary.Verified.ToUniversalTime() }).ToBytes());

    [Fact]
    public void ToBytes_PlatformThatIsTheImage_IsNamedOnce() =>
        Assert.Single(JsonNode.Parse((DecisionSamples.Summary with { Platforms = [DecisionSamples.Image.Digest] }).ToBytes())!["subject"]!.AsArray());

    [Fact]
    public void Read_WrittenStatement_IsTheSameDecision()
    {
        var bytes = DecisionSamples.Summary.ToBytes();

        var read = VerificationSummaryReader.Read(bytes);

        Assert.Equal(bytes, read.ToBytes());
        Assert.Equal(RuleVerdict.Awaiting, read.Rules[1].Parts[1].Verdict);
    }

    [Fact]
    public void ToBytes_SignedAnew_NamesTheAttestationThatWasVerified()
    {
        var bytes = (DecisionSamples.Summary with { Rules = [], ResignedFrom = From }).ToBytes();

        var predicate = JsonNode.Parse(bytes)!["predicate"]!;
        Assert.Equal(From.Occurrence, (string?)predicate["urn:binauthz:decision"]!["resignedFrom"]!["occurrence"]);
        Assert.Equal("https://containeranalysis.googleapis.com/v1/projects/acme-prod/occurrences/1", (string?)Assert.Single(predicate["inputAttestations"]!.AsArray())!["uri"]);
        Assert.Equal(From, VerificationSummaryReader.Read(bytes).ResignedFrom);
    }

    [Fact]
    public void ToBytes_Approved_SaysNothingOfSigningAnew() =>
        Assert.Null(JsonNode.Parse(DecisionSamples.Summary.ToBytes())!["predicate"]!["urn:binauthz:decision"]!["resignedFrom"]);

    [Theory]
    [InlineData("\"PASSED\"", "\"FAILED\"", "verificationResult")]
    [InlineData("urn:binauthz:sign-image", "urn:somebody:else", "id")]
    [InlineData("verification_summary/v1", "verification_summary/v2", "predicateType")]
    [InlineData("\"timeVerified\"", "\"timeverified\"", "timeVerified")]
    [InlineData("\"_type\"", "\"_type\":\"x\",\"_type\"", "JSON")]
    public void Read_OtherStatement_SaysWhatIsWrong(string written, string changed, string expected)
    {
        var text = System.Text.Encoding.UTF8.GetString(DecisionSamples.Summary.ToBytes()).Replace(written, changed, StringComparison.Ordinal);

        var error = Assert.Throws<FormatException>(() => VerificationSummaryReader.Read(System.Text.Encoding.UTF8.GetBytes(text)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
