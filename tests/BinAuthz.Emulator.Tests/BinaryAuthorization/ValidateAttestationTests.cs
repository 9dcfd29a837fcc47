using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Google.Cloud.BinaryAuthorization.V1;
using Google.Protobuf;
using Grafeas.V1;
using Grpc.Core;
using Result = Google.Cloud.BinaryAuthorization.V1.ValidateAttestationOccurrenceResponse.Types.Result;
using SignatureAlgorithm = Google.Cloud.BinaryAuthorization.V1.PkixPublicKey.Types.SignatureAlgorithm;

namespace BinAuthz.Emulator.Tests.BinaryAuthorization;

public sealed class ValidateAttestationTests
{
    private const string Digest = "sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc";

    private const string Image = "us-docker.pkg.dev/acme-prod/apps/web@" + Digest;

    private const string KeyPath = "projects/acme-prod/locations/us-central1/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1";

    public static TheoryData<string> VectorNames => [.. Vectors().Select(vector => (string)vector["name"]!)];

    [Theory]
    [MemberData(nameof(VectorNames))]
    public async Task Validate_GoldenVector_HasItsResult(string name)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var vector = Vectors().Single(vector => (string?)vector["name"] == name);
        var key = new JsonObject
        {
            ["id"] = (string?)vector["publicKeyId"],
            ["pkixPublicKey"] = new JsonObject { ["publicKeyPem"] = (string?)vector["publicKeyPem"], ["signatureAlgorithm"] = (string?)vector["signatureAlgorithm"] },
        };
        var attestor = new JsonObject { ["userOwnedGrafeasNote"] = new JsonObject { ["noteReference"] = BinauthzFixture.Note, ["publicKeys"] = new JsonArray(key) } };
        var (created, _) = await emulator.SendAsync(HttpMethod.Post, $"/v1/{BinauthzFixture.Project}/attestors?attestorId=production-attestor", attestor.ToJsonString());
        var request = new JsonObject
        {
            ["attestation"] = new JsonObject
            {
                ["serializedPayload"] = Url((string)vector["payloadBase64"]!),
                ["signatures"] = new JsonArray(new JsonObject { ["publicKeyId"] = (string?)vector["publicKeyId"], ["signature"] = Url((string)vector["signatureBase64"]!) }),
            },
            ["occurrenceNote"] = BinauthzFixture.Note,
            ["occurrenceResourceUri"] = Image,
        };

        var (_, v1) = await emulator.SendAsync(HttpMethod.Post, $"/v1/{BinauthzFixture.Name}:validateAttestationOccurrence", request.ToJsonString());
        var (_, beta) = await emulator.SendAsync(HttpMethod.Post, $"/v1beta1/{BinauthzFixture.Name}:validateAttestationOccurrence?alt=json", request.ToJsonString());

        var expected = (bool)vector["expectVerified"]! ? "VERIFIED" : "ATTESTATION_NOT_VERIFIABLE";
        Assert.Equal((200, expected, expected), (created, (string?)v1["result"], (string?)beta["result"]));
        Assert.Equal(expected == "VERIFIED", v1["denialReason"] is null);
    }

    public static TheoryData<string, Result> Cases => new()
    {
        { "as-it-should-be", Result.Verified },
        { "https-uri", Result.Verified },
        { "other-name-same-digest", Result.Verified },
        { "second-signature-good", Result.Verified },
        { "key-id-with-own-authority", Result.Verified },
        { "key-id-with-foreign-authority", Result.AttestationNotVerifiable },
        { "unknown-key-id", Result.AttestationNotVerifiable },
        { "no-signatures", Result.AttestationNotVerifiable },
        { "other-digest", Result.AttestationNotVerifiable },
        { "tag", Result.AttestationNotVerifiable },
        { "other-note", Result.AttestationNotVerifiable },
        { "payload-is-not-json", Result.AttestationNotVerifiable },
        { "payload-without-digest", Result.AttestationNotVerifiable },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Validate_Case_HasItsResult(string what, Result expected)
    {
        await using var emulator = await TestEmulator.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await new BinauthzFixture(emulator).CreateAsync(BinauthzFixture.Key(key.ExportSubjectPublicKeyInfoPem(), SignatureAlgorithm.EcdsaP256Sha256, $"//cloudkms.googleapis.com/v1/{KeyPath}"));
        var request = Spoiled(what, key, emulator.Host.RestEndpoint.Authority);

        var answer = await Client(emulator).ValidateAttestationOccurrenceAsync(request, cancellationToken: TestEmulator.Stop);

        Assert.Equal(expected, answer.Result);
        Assert.Equal(expected == Result.Verified, answer.DenialReason.Length == 0);
    }

    [Fact]
    public async Task Validate_AttestorWithoutKeys_Denies()
    {
        await using var emulator = await TestEmulator.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await new BinauthzFixture(emulator).CreateAsync();

        var answer = await Client(emulator).ValidateAttestationOccurrenceAsync(Spoiled("", key, ""), cancellationToken: TestEmulator.Stop);

        Assert.Equal(Result.AttestationNotVerifiable, answer.Result);
    }

    [Fact]
    public async Task Validate_UnknownAttestor_NotFound()
    {
        await using var emulator = await TestEmulator.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var error = await TestEmulator.FailureAsync(Client(emulator).ValidateAttestationOccurrenceAsync(Spoiled("", key, ""), cancellationToken: TestEmulator.Stop));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    private static ValidationHelperV1.ValidationHelperV1Client Client(TestEmulator emulator) => new(emulator.Channel);

    private static ValidateAttestationOccurrenceRequest Spoiled(string what, ECDsa key, string authority)
    {
        var payload = Encoding.UTF8.GetBytes(what switch
        {
            "payload-is-not-json" => "approved: " + Digest,
            "payload-without-digest" => """{"critical":{"image":{}}}""",
            _ => $$$"""{"critical":{"identity":{"docker-reference":"us-docker.pkg.dev/acme-prod/apps/web"},"image":{"docker-manifest-digest":"{{{Digest}}}"},"type":"Google cloud binauthz container signature"}}""",
        });
        var signature = new Signature
        {
            PublicKeyId = what switch
            {
                "key-id-with-own-authority" => $"//{authority}/v1/{KeyPath}",
                "key-id-with-foreign-authority" => $"//example.com/v1/{KeyPath}",
                "unknown-key-id" => $"//cloudkms.googleapis.com/v1/{KeyPath}0",
                _ => $"//cloudkms.googleapis.com/v1/{KeyPath}",
            },
            Signature_ = ByteString.CopyFrom(key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
        };
        var bad = new Signature { PublicKeyId = signature.PublicKeyId, Signature_ = ByteString.CopyFrom(1, 2, 3) };
        return new ValidateAttestationOccurrenceRequest
        {
            Attestor = BinauthzFixture.Name,
            OccurrenceNote = what == "other-note" ? BinauthzFixture.Note + "2" : BinauthzFixture.Note,
            OccurrenceResourceUri = what switch
            {
                "https-uri" => "https://" + Image,
                "other-name-same-digest" => "gcr.io/elsewhere/copy@" + Digest,
                "other-digest" => Image[..^1] + "0",
                "tag" => "us-docker.pkg.dev/acme-prod/apps/web:v1",
                _ => Image,
            },
            Attestation = new AttestationOccurrence
            {
                SerializedPayload = ByteString.CopyFrom(payload),
                Signatures = { what switch { "no-signatures" => [], "second-signature-good" => [bad, signature], _ => (Signature[])[signature] } },
            },
        };
    }

    private static JsonNode[] Vectors() =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "testdata", "attestation", "golden-vectors.json")))!["vectors"]!.AsArray().Select(vector => vector!)];

    private static string Url(string base64) => base64.Replace('+', '-').Replace('/', '_');
}
