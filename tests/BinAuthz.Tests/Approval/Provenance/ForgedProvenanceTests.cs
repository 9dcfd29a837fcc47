using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Approval;
using BinAuthz.Approval.Provenance;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Tests.Approval.Provenance;

/// <summary>Provenance that somebody forged, each kind by its code.</summary>
public sealed class ForgedProvenanceTests
{
    private const string OtherHex = "ad636bbaee1af32b65c9bd27d6dc00f18fabb6fb96a8f4537c435e5e199ef9be";

    private static readonly Dictionary<string, (Func<ImageFacts> Facts, string Code)> Forgeries = new()
    {
        ["foreign key"] = (() => Facts(SignedBy("projects/evil/key", ForeignSignature())), "provenance-key-unknown"),
        ["foreign key under a trusted id"] = (() => Facts(SignedBy(ProvenanceSamples.GoogleKeyId, ForeignSignature())), "provenance-signature"),
        ["swapped subject"] = (() => Facts(ProvenanceSamples.Signed(node => node["subject"]![0]!["digest"]!["sha256"] = OtherHex)), "subject-digest"),
        ["replayed for another digest"] = (() => Facts(ProvenanceSamples.Recorded) with { Image = ProvenanceSamples.Image.WithDigest(ImageDigest.Parse("sha256:" + OtherHex)) }, "subject-digest"),
        ["altered payload"] = (() => Facts(ProvenanceSamples.Recorded with { Payload = Altered() }), "provenance-signature"),
        ["truncated payload"] = (() => Facts(ProvenanceSamples.Recorded with { Payload = ProvenanceSamples.Recorded.Payload[..^1] }), "provenance-signature"),
        ["empty payload"] = (() => Facts(ProvenanceSamples.Recorded with { Payload = Array.Empty<byte>() }), "provenance-signature"),
        ["wrong builder"] = (() => Facts(ProvenanceSamples.Signed(node => node["predicate"]!["runDetails"]!["builder"]!["id"] = "https://evil.example/builder")), "builder-not-trusted"),
        ["wrong source"] = (() => Facts(ProvenanceSamples.Signed(node => Source(node)["repository"] = "https://github.com/evil/web")), "source-not-allowed"),
        ["wrong predicate"] = (() => Facts(ProvenanceSamples.Signed(node => node["predicateType"] = "https://slsa.dev/provenance/v0.2")), "predicate-type"),
        ["other payload type"] = (() => Facts(ProvenanceSamples.Sign("application/vnd.dsse+json", ProvenanceSamples.Recorded.Payload.ToArray())), "payload-type"),
        ["unsigned"] = (() => Facts(ProvenanceSamples.Recorded with { Signatures = [] }), "provenance-unsigned"),
        ["empty signature"] = (() => Facts(SignedBy(ProvenanceSamples.GoogleKeyId, [])), "provenance-signature"),
        ["truncated signature"] = (() => Facts(SignedBy(ProvenanceSamples.GoogleKeyId, RecordedSignature()[..^1])), "provenance-signature"),
        ["lengthened signature"] = (() => Facts(SignedBy(ProvenanceSamples.GoogleKeyId, [.. RecordedSignature(), 0])), "provenance-signature"),
        ["signature as base64 text"] = (() => Facts(SignedBy(ProvenanceSamples.GoogleKeyId, Encoding.ASCII.GetBytes(Convert.ToBase64String(RecordedSignature())))), "provenance-signature"),
        ["signature as base64url text"] = (() => Facts(SignedBy(ProvenanceSamples.GoogleKeyId, Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RecordedSignature())))), "provenance-signature"),
        ["key version unavailable"] = (() => Facts(ProvenanceSamples.Recorded) with { ProvenanceKeys = new Dictionary<string, PublicKey>() }, "provenance-key-unavailable"),
        ["empty subject"] = (() => Facts(ProvenanceSamples.Signed(node => node["subject"] = new JsonArray())), "subject-empty"),
        ["empty checksum"] = (() => Facts(ProvenanceSamples.Signed(node => node["subject"]![0]!["digest"]!["sha256"] = "")), "subject-empty"),
        ["checksum that the digest ends in"] = (() => Facts(ProvenanceSamples.Signed(node => node["subject"]![0]!["digest"]!["sha256"] = ProvenanceSamples.Image.Digest.Hex[32..])), "subject-digest"),
        ["two forgeries"] = (() => Facts(ProvenanceSamples.Recorded with { Signatures = [] }, ProvenanceSamples.Recorded with { Payload = Altered() }), "provenance-unsigned"),
    };

    public static TheoryData<string> Names => [.. Forgeries.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Evaluate_Forged_IsViolatedWithItsCode(string name)
    {
        var (facts, code) = Forgeries[name];

        var result = Rule.Evaluate(facts(), DateTimeOffset.UnixEpoch);

        Assert.Equal((RuleVerdict.Violated, code), (result.Verdict, result.Code));
        Assert.NotEmpty(result.Reason);
        Assert.NotEmpty(result.Remedy);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Evaluate_ForgedBesideGenuine_CountsTheGenuineAndWarnsOfTheForged(string name)
    {
        var forged = Forgeries[name].Facts().Provenance.Select(envelope => envelope with { OccurrenceName = "forged" }).ToArray();
        var genuine = ProvenanceSamples.Signed(_ => { });
        var facts = ProvenanceSamples.Facts([.. forged, genuine]) with { ProvenanceKeys = new Dictionary<string, PublicKey>() };

        var result = Rule.Evaluate(facts, DateTimeOffset.UnixEpoch);

        Assert.Equal(RuleVerdict.Satisfied, result.Verdict);
        Assert.Equal(genuine.OccurrenceName, Assert.Single(result.Evidence).Name);
        Assert.Equal(forged.Length, result.Warnings.Count);
        Assert.All(result.Warnings, warning => Assert.Contains("forged", warning, StringComparison.Ordinal));
    }

    [Fact]
    public void Evaluate_GoodSignatureAmongBad_IsSatisfied()
    {
        var recorded = ProvenanceSamples.Recorded;
        DsseSignature[] signatures =
        [
            new("projects/evil/key", ForeignSignature()), new("my-builder", ForeignSignature()), recorded.Signatures[0], new(ProvenanceSamples.GoogleKeyId, Array.Empty<byte>()),
        ];

        Assert.Equal(RuleVerdict.Satisfied, Rule.Evaluate(Facts(recorded with { Signatures = signatures }), DateTimeOffset.UnixEpoch).Verdict);
    }

    private static IApprovalRule Rule => ProvenanceSamples.Policy.Attestors[0].Rules[1];

    private static ImageFacts Facts(params ProvenanceEnvelope[] envelopes) => ProvenanceSamples.Facts(envelopes);

    private static JsonNode Source(JsonNode statement) => statement["predicate"]!["buildDefinition"]!["externalParameters"]!["buildConfigSource"]!;

    private static ProvenanceEnvelope SignedBy(string keyId, byte[] signature) => ProvenanceSamples.Recorded with { Signatures = [new DsseSignature(keyId, signature)] };

    private static byte[] RecordedSignature() => ProvenanceSamples.Recorded.Signatures[0].Value.ToArray();

    private static byte[] ForeignSignature()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var covered = DssePreAuthEncoding.Encode(ProvenanceSamples.InToto, ProvenanceSamples.Recorded.Payload.Span);
        return key.SignData(covered, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static byte[] Altered()
    {
        var text = Encoding.UTF8.GetString(ProvenanceSamples.Recorded.Payload.Span);
        return Encoding.UTF8.GetBytes(text.Replace("github.com/acme/web", "github.com/evil/web", StringComparison.Ordinal));
    }
}
