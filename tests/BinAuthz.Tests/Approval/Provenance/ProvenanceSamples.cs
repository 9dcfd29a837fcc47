using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BinAuthz.Approval;
using BinAuthz.Approval.Provenance;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Tests.Approval.Provenance;

/// <summary>The recorded provenance, and provenance that a builder of the tests signs.</summary>
internal sealed class ProvenanceSamples
{
    public const string InToto = "application/vnd.in-toto+json";
    public const string GoogleKeyId = "projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/google-hosted-worker/cryptoKeyVersions/1";

    private static readonly ECDsa BuilderKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static ImageReference Image { get; } =
        ImageReference.Parse("us-docker.pkg.dev/acme-prod/apps/web@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc");

    /// <summary>The envelope as Cloud Build stored it.</summary>
    public static ProvenanceEnvelope Recorded { get; } = ReadRecorded();

    /// <summary>The public key that stands in for Google's.</summary>
    public static PublicKey GoogleKey { get; } = PublicKey.FromPem(TestData.Text("vuln/build-provenance-test-key.pem"), SignatureAlgorithm.Default);

    /// <summary>Trusts Google's key and the tests' builder, for the sample's source.</summary>
    public static ApprovalPolicy Policy { get; } = PolicyWith("");

    /// <summary>The policy with further keys of <c>rules.provenance</c>, one a line.</summary>
    public static ApprovalPolicy PolicyWith(string keys, string builders = "https://cloudbuild.googleapis.com/GoogleHostedWorker") => ApprovalPolicy.Parse(
        $"""
        environment: production
        attestor: projects/acme-security/attestors/release
        rules:
          repositories: [us-docker.pkg.dev/acme-prod/apps/**]
          provenance:
            builders: ["{builders}"]
            sources: [https://github.com/acme/web]
            {keys.ReplaceLineEndings("\n    ")}
            keys:
              - kms: {GoogleKeyId}
              - id: my-builder
                pem: |
                  {BuilderKey.ExportSubjectPublicKeyInfoPem().ReplaceLineEndings("\n          ")}
        """,
        "approval.yaml");

    /// <summary>What a policy's provenance rule says.</summary>
    public static RuleResult Evaluate(ApprovalPolicy policy, params ProvenanceEnvelope[] provenance) =>
        policy.Attestors[0].Rules[1].Evaluate(Facts(provenance), DateTimeOffset.UnixEpoch);

    public static ImageFacts Facts(params ProvenanceEnvelope[] provenance) =>
        new(Image)
        {
            Tags = ["v1"],
            Provenance = provenance,
            ProvenanceKeys = new Dictionary<string, PublicKey> { [GoogleKeyId] = GoogleKey },
        };

    /// <summary>The recorded statement with a change, signed by the tests' builder.</summary>
    public static ProvenanceEnvelope Signed(Action<JsonNode> change)
    {
        var statement = JsonNode.Parse(Recorded.Payload.Span)!;
        change(statement);
        return Signed(statement);
    }

    public static ProvenanceEnvelope Signed(JsonNode statement) => Sign(InToto, Encoding.UTF8.GetBytes(statement.ToJsonString()));

    public static ProvenanceEnvelope Sign(string payloadType, byte[] payload, string keyId = "my-builder") => new(
        "projects/acme-prod/occurrences/signed",
        payloadType,
        payload,
        [new DsseSignature(keyId, BuilderKey.SignData(DssePreAuthEncoding.Encode(payloadType, payload), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))]);

    /// <summary>A signature over the payload alone, as legacy builders made it.</summary>
    public static DsseSignature SignWithoutPreAuthEncoding(byte[] payload) =>
        new("my-builder", BuilderKey.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    private static ProvenanceEnvelope ReadRecorded()
    {
        using var document = JsonDocument.Parse(TestData.Bytes("vuln/build-provenance-slsa-v1.json"));
        var envelope = document.RootElement.GetProperty("envelope");
        return new ProvenanceEnvelope(
            document.RootElement.GetProperty("name").GetString()!,
            envelope.GetProperty("payloadType").GetString()!,
            envelope.GetProperty("payload").GetBytesFromBase64(),
            [.. envelope.GetProperty("signatures").EnumerateArray().Select(signature => new DsseSignature(signature.GetProperty("keyid").GetString()!, signature.GetProperty("sig").GetBytesFromBase64()))]);
    }
}
