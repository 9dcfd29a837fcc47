using System.Text.Json.Nodes;
using BinAuthz.Approval;
using BinAuthz.Approval.Provenance;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Tests.Approval.Provenance;

public sealed class ProvenanceRuleTests
{
    private const string OtherDigest = "ad636bbaee1af32b65c9bd27d6dc00f18fabb6fb96a8f4537c435e5e199ef9be";

    // What a builder's statement may get wrong, each signed well by a trusted key.
    private static readonly Dictionary<string, (Action<JsonNode> Change, string Code)> Tamperings = new()
    {
        ["statement type"] = (node => node["_type"] = "https://example.com/Statement", "predicate-type"),
        ["no statement type"] = (node => Remove(node, "_type"), "predicate-type"),
        ["predicate type"] = (node => node["predicateType"] = "https://slsa.dev/provenance/v0.2", "predicate-type"),
        ["no predicate type"] = (node => Remove(node, "predicateType"), "predicate-type"),
        ["wrong subject"] = (node => node["subject"]![0]!["digest"]!["sha256"] = OtherDigest, "subject-digest"),
        ["empty checksum"] = (node => node["subject"]![0]!["digest"]!["sha256"] = "", "subject-empty"),
        ["upper-case checksum"] = (node => node["subject"]![0]!["digest"]!["sha256"] = ProvenanceSamples.Image.Digest.Hex.ToUpperInvariant(), "subject-digest"),
        ["no checksum"] = (node => Remove(node["subject"]![0]!["digest"]!, "sha256"), "subject-empty"),
        ["checksum of another kind"] = (node => node["subject"]![0]!["digest"] = new JsonObject { ["sha512"] = ProvenanceSamples.Image.Digest.Hex }, "subject-empty"),
        ["no subjects"] = (node => node["subject"] = new JsonArray(), "subject-empty"),
        ["subject not a list"] = (node => node["subject"] = "x", "subject-empty"),
        ["other builder"] = (node => node["predicate"]!["runDetails"]!["builder"]!["id"] = "https://evil.example/builder", "builder-not-trusted"),
        ["builder with a longer name"] = (node => node["predicate"]!["runDetails"]!["builder"]!["id"] = "https://cloudbuild.googleapis.com/GoogleHostedWorker2", "builder-not-trusted"),
        ["empty builder"] = (node => node["predicate"]!["runDetails"]!["builder"]!["id"] = "", "builder-not-trusted"),
        ["no builder"] = (node => Remove(node["predicate"]!, "runDetails"), "builder-not-trusted"),
        ["builder not text"] = (node => node["predicate"]!["runDetails"]!["builder"]!["id"] = 1, "builder-not-trusted"),
        ["other build type"] = (node => node["predicate"]!["buildDefinition"]!["buildType"] = "https://example.com/type", "build-type"),
        ["no build type"] = (node => Remove(node["predicate"]!["buildDefinition"]!, "buildType"), "build-type"),
        ["other source"] = (node => Source(node)["repository"] = "https://github.com/evil/web", "source-not-allowed"),
        ["source with a longer name"] = (node => Source(node)["repository"] = "https://github.com/acme/web2", "source-not-allowed"),
        ["source by another scheme"] = (node => Source(node)["repository"] = "http://github.com/acme/web", "source-not-allowed"),
        ["empty source"] = (node => Source(node)["repository"] = "", "source-not-allowed"),
        ["no repository"] = (node => Remove(Source(node), "repository"), "source-not-allowed"),
        ["no source"] = (node => Remove(Parameters(node), "buildConfigSource"), "source-not-allowed"),
        ["trusted configuration, other source"] = (node => Parameters(node)["sourceToBuild"] = new JsonObject { ["repository"] = "https://github.com/evil/web" }, "source-not-allowed"),
        ["trusted source, configuration inside the trigger"] = (node => { Parameters(node)["sourceToBuild"] = Source(node).DeepClone(); Remove(Parameters(node), "buildConfigSource"); Parameters(node)["buildConfig"] = new JsonObject(); }, "source-not-allowed"),
        ["no predicate"] = (node => Remove(node, "predicate"), "builder-not-trusted"),
    };

    public static TheoryData<string> TamperingNames => [.. Tamperings.Keys];

    [Fact]
    public void Evaluate_RecordedProvenance_IsSatisfied()
    {
        var result = Provenance(ProvenanceSamples.Recorded);

        Assert.Equal(RuleVerdict.Satisfied, result.Verdict);
        Assert.Contains("projects/acme-prod/occurrences/bbbbbbbb", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://github.com/acme/web")]
    [InlineData("git+https://github.com/acme/web")]
    public void Evaluate_SignedByPinnedKey_IsSatisfied(string repository) =>
        Assert.Equal(RuleVerdict.Satisfied, Provenance(ProvenanceSamples.Signed(node => Source(node)["repository"] = repository)).Verdict);

    [Theory]
    [MemberData(nameof(TamperingNames))]
    public void Evaluate_StatementSaysSomethingElse_IsViolated(string name)
    {
        var (change, code) = Tamperings[name];

        var result = Provenance(ProvenanceSamples.Signed(change));

        Assert.Equal((RuleVerdict.Violated, code), (result.Verdict, result.Code));
        Assert.NotEmpty(result.Remedy);
    }

    [Fact]
    public void Evaluate_None_IsAwaited()
    {
        var result = Provenance();

        Assert.Equal((RuleVerdict.Awaiting, "provenance-missing"), (result.Verdict, result.Code));
        Assert.Contains("GoogleHostedWorker", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_PayloadChangedAfterSigning_IsABadSignature()
    {
        var changed = ProvenanceSamples.Recorded.Payload.ToArray();
        changed[^1] = (byte)' ';

        Assert.Equal("provenance-signature", Provenance(ProvenanceSamples.Recorded with { Payload = changed }).Code);
    }

    [Fact]
    public void Evaluate_SignatureOverThePayloadAlone_IsABadSignature()
    {
        var recorded = ProvenanceSamples.Recorded;

        Assert.Equal("provenance-signature", Provenance(recorded with { Signatures = [ProvenanceSamples.SignWithoutPreAuthEncoding(recorded.Payload.ToArray())] }).Code);
    }

    [Fact]
    public void Evaluate_PayloadTypeSwapped_IsViolated()
    {
        var payload = ProvenanceSamples.Recorded.Payload.ToArray();

        // Signed as another type and relabelled, and honestly labelled with another type.
        Assert.Equal("provenance-signature", Provenance(ProvenanceSamples.Sign("application/json", payload) with { PayloadType = ProvenanceSamples.InToto }).Code);
        Assert.Equal("payload-type", Provenance(ProvenanceSamples.Sign("application/json", payload)).Code);
        Assert.Equal("payload-type", Provenance(ProvenanceSamples.Sign("", payload)).Code);
    }

    [Fact]
    public void Evaluate_UnknownKey_NamesBothIds()
    {
        var result = Provenance(ProvenanceSamples.Sign(ProvenanceSamples.InToto, ProvenanceSamples.Recorded.Payload.ToArray(), "projects/evil/key"));

        Assert.Equal("provenance-key-unknown", result.Code);
        Assert.Contains("'projects/evil/key'", result.Reason, StringComparison.Ordinal);
        Assert.Contains($"'{ProvenanceSamples.GoogleKeyId}'", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MY-BUILDER")]
    public void Evaluate_KeyIdNotExactly_IsUnknown(string keyId) =>
        Assert.Equal("provenance-key-unknown", Provenance(ProvenanceSamples.Sign(ProvenanceSamples.InToto, ProvenanceSamples.Recorded.Payload.ToArray(), keyId)).Code);

    [Fact]
    public void Evaluate_TrustedIdOtherKey_IsABadSignature() =>
        Assert.Equal("provenance-signature", Provenance(ProvenanceSamples.Sign(ProvenanceSamples.InToto, ProvenanceSamples.Recorded.Payload.ToArray(), ProvenanceSamples.GoogleKeyId)).Code);

    [Fact]
    public void Evaluate_NoSignature_IsViolated() =>
        Assert.Equal("provenance-unsigned", Provenance(ProvenanceSamples.Recorded with { Signatures = [] }).Code);

    [Fact]
    public void Evaluate_OneOfTwoSignatures_IsSatisfied()
    {
        var recorded = ProvenanceSamples.Recorded;

        Assert.Equal(RuleVerdict.Satisfied, Provenance(recorded with { Signatures = [new DsseSignature("unknown", new byte[] { 1 }), .. recorded.Signatures] }).Verdict);
    }

    [Fact]
    public void Evaluate_KeyOfThePolicyWasNotRead_IsViolated()
    {
        var facts = ProvenanceSamples.Facts(ProvenanceSamples.Recorded) with { ProvenanceKeys = new Dictionary<string, PublicKey>() };

        var result = ProvenanceSamples.Policy.Attestors[0].Rules[1].Evaluate(facts, DateTimeOffset.UnixEpoch);

        Assert.Equal((RuleVerdict.Violated, "provenance-key-unavailable"), (result.Verdict, result.Code));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("""{"_type":"a","_type":"b"}""")]
    [InlineData("""{"predicate":{"runDetails":{"builder":{"id":"a","id":"b"}}}}""")]
    [InlineData("""{"_type":"\ud800"}""")]
    public void Evaluate_SignedNonsense_IsUnreadable(string payload) =>
        Assert.Equal("statement-unreadable", Provenance(ProvenanceSamples.Sign(ProvenanceSamples.InToto, System.Text.Encoding.UTF8.GetBytes(payload))).Code);

    [Fact]
    public void Evaluate_OneOfSeveral_IsEnough()
    {
        var wrong = ProvenanceSamples.Signed(Tamperings["other builder"].Change);

        var result = Provenance(wrong with { OccurrenceName = "forged" }, ProvenanceSamples.Recorded);

        Assert.Equal(RuleVerdict.Satisfied, result.Verdict);
        Assert.Contains("forged", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Contains("[builder-not-trusted]", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal("projects/acme-prod/occurrences/bbbbbbbb-2222-4333-8444-555566667777", Assert.Single(result.Evidence).Name);
    }

    [Fact]
    public void Evaluate_GooglesOlderProvenanceBeside_IsToldWithoutWarning()
    {
        var older = ProvenanceSamples.Sign(ProvenanceSamples.InToto, "{}"u8.ToArray(), CloudBuildV01Samples.KeyId) with { OccurrenceName = "older" };

        var result = Provenance(older, ProvenanceSamples.Recorded);

        Assert.Equal(RuleVerdict.Satisfied, result.Verdict);
        Assert.Empty(result.Warnings);
        Assert.Contains("older", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_UnknownKeyBesideAnotherFault_TellsTheOtherCode()
    {
        var unknown = ProvenanceSamples.Sign(ProvenanceSamples.InToto, "{}"u8.ToArray(), "projects/evil/key");

        Assert.Equal("builder-not-trusted", Provenance(unknown, ProvenanceSamples.Signed(Tamperings["other builder"].Change)).Code);
    }

    [Fact]
    public void Evaluate_SeveralWrong_TellsEachReason()
    {
        var result = Provenance(
            ProvenanceSamples.Signed(Tamperings["other builder"].Change) with { OccurrenceName = "first" },
            ProvenanceSamples.Signed(Tamperings["other source"].Change) with { OccurrenceName = "second" });

        Assert.Equal((RuleVerdict.Violated, "builder-not-trusted"), (result.Verdict, result.Code));
        Assert.Contains("first: the builder is 'https://evil.example/builder'", result.Reason, StringComparison.Ordinal);
        Assert.Contains("second: the source is 'https://github.com/evil/web'", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_TwoHonestHalves_DoNotMakeAWhole()
    {
        var facts = ProvenanceSamples.Facts(ProvenanceSamples.Recorded) with { Image = ProvenanceSamples.Image.WithDigest(ImageDigest.Parse("sha256:" + OtherDigest)) };
        var wrongSource = ProvenanceSamples.Signed(node =>
        {
            Tamperings["wrong subject"].Change(node);
            Tamperings["other source"].Change(node);
        });

        var result = ProvenanceSamples.Policy.Attestors[0].Rules[1].Evaluate(facts with { Provenance = [ProvenanceSamples.Recorded, wrongSource] }, DateTimeOffset.UnixEpoch);

        Assert.Equal(RuleVerdict.Violated, result.Verdict);
    }

    private static RuleResult Provenance(params ProvenanceEnvelope[] envelopes) =>
        ProvenanceSamples.Policy.Attestors[0].Rules[1].Evaluate(ProvenanceSamples.Facts(envelopes), DateTimeOffset.UnixEpoch);

    private static JsonNode Parameters(JsonNode statement) => statement["predicate"]!["buildDefinition"]!["externalParameters"]!;

    private static JsonNode Source(JsonNode statement) => Parameters(statement)["buildConfigSource"]!;

    private static void Remove(JsonNode node, string name) => node.AsObject().Remove(name);
}
