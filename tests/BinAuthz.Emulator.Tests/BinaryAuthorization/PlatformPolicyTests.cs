using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Tests.BinaryAuthorization;

public sealed class PlatformPolicyTests
{
    private const string Gke = "/v1/projects/acme-prod/platforms/gke/policies";

    private const string Image = "us-central1-docker.pkg.dev/acme-prod/app/server@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc";

    private const string Payload =
        """{"critical":{"image":{"docker-manifest-digest":"sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc"}}}""";

    private const string Policy = """
        {"gkePolicy": {"checkSets": [
          {"displayName": "payments", "scope": {"kubernetesNamespace": "payments"}, "checks": [{"displayName": "never", "alwaysDeny": true}]},
          {"displayName": "default", "imageAllowlist": {"allowPattern": ["gcr.io/google-samples/**"]},
           "checks": [{"displayName": "ours", "trustedDirectoryCheck": {"trustedDirPatterns": ["*-docker.pkg.dev/acme-prod/app"]}}]}]}}
        """;

    [Fact]
    public async Task PlatformPolicies_CreatedReplacedListedDeleted_BehaveAsResources()
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (created, policy) = await emulator.SendAsync(HttpMethod.Post, $"{Gke}?policyId=pp", Policy);
        var (again, _) = await emulator.SendAsync(HttpMethod.Post, $"{Gke}?policyId=pp", Policy);
        var (replaced, _) = await emulator.SendAsync(HttpMethod.Put, $"{Gke}/pp", """{"description": "empty", "gkePolicy": {"checkSets": []}}""");
        policy["description"] = "late";
        var (stale, _) = await emulator.SendAsync(HttpMethod.Put, $"{Gke}/pp", policy.ToJsonString());
        var (_, list) = await emulator.SendAsync(HttpMethod.Get, Gke);
        var (deleted, _) = await emulator.SendAsync(HttpMethod.Delete, $"{Gke}/pp");
        var (gone, _) = await emulator.SendAsync(HttpMethod.Get, $"{Gke}/pp");

        Assert.Equal((200, 409, 200, 409, 200, 404), (created, again, replaced, stale, deleted, gone));
        Assert.Equal("empty", (string?)list["platformPolicies"]![0]!["description"]);
    }

    [Theory]
    [InlineData(Image, "", "CONFORMANT")]
    [InlineData(Image, "payments", "NON_CONFORMANT")]
    [InlineData("docker.io/library/nginx:latest", "", "NON_CONFORMANT")]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/team/server:v1", "", "NON_CONFORMANT")]
    [InlineData("gcr.io/google-samples/deep/hello:v1", "", "CONFORMANT")]
    public async Task Evaluate_Pod_IsJudgedByTheCheckSetOfItsNamespace(string image, string scope, string expected)
    {
        await using var emulator = await TestEmulator.StartAsync();
        await emulator.SendAsync(HttpMethod.Post, $"{Gke}?policyId=pp", Policy);

        var (status, answer) = await emulator.SendAsync(HttpMethod.Post, $"{Gke}/pp:evaluate",
            $$$$"""{"resource": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "", "namespace": "{{{{scope}}}}"}, "spec": {"containers": [{"image": "{{{{image}}}}"}]}}}""");

        Assert.Equal((200, expected, expected), (status, (string?)answer["verdict"], (string?)answer["results"]![0]!["imageResults"]![0]!["verdict"]));
    }

    [Theory]
    [InlineData(Image, 1)]
    [InlineData("gcr.io/google-samples/deep/hello:v1", 0)]
    [InlineData("docker.io/library/nginx@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc", 0)]
    public async Task Evaluate_WithAttestations_SignsThoseOfConformingDigests(string image, int attestations)
    {
        await using var emulator = await TestEmulator.StartAsync();
        await emulator.SendAsync(HttpMethod.Post, $"{Gke}?policyId=pp", Policy);

        var (_, answer) = await emulator.SendAsync(HttpMethod.Post, $"{Gke}/pp:evaluate",
            $$$$"""{"attestationMode": "GENERATE_DEPLOY", "resource": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": ""}, "spec": {"containers": [{"image": "{{{{image}}}}"}]}}}""");

        var envelopes = answer["attestations"]?.AsArray().Select(envelope => JsonNode.Parse(Convert.FromBase64String((string)envelope!))!).ToArray() ?? [];
        Assert.Equal(attestations, envelopes.Length);
        foreach (var envelope in envelopes)
        {
            var (_, key) = await emulator.SendAsync(HttpMethod.Get, $"/v1/{(string?)envelope["signatures"]![0]!["keyid"]}/publicKey");
            Assert.True(Verifies(envelope, (string)key["pem"]!));
        }
    }

    private static bool Verifies(JsonNode envelope, string pem)
    {
        var payload = Convert.FromBase64String((string)envelope["payload"]!);
        var type = (string)envelope["payloadType"]!;
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"DSSEv1 {type.Length} {type} {payload.Length} "), .. payload];
        return key.VerifyData(
            signed,
            Convert.FromBase64String((string)envelope["signatures"]![0]!["sig"]!),
            HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    [Fact]
    public async Task Evaluate_DeploymentWithABadInitContainer_DoesNotConform()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await emulator.SendAsync(HttpMethod.Post, $"{Gke}?policyId=pp", Policy);

        var (_, answer) = await emulator.SendAsync(HttpMethod.Post, $"{Gke}/pp:evaluate",
            $$$$$$"""{"resource": {"kind": "Deployment", "spec": {"template": {"spec": {"initContainers": [{"image": "busybox"}], "containers": [{"image": "{{{{{{Image}}}}}}"}]}}}}}""");

        Assert.Equal("NON_CONFORMANT", (string?)answer["verdict"]);
        Assert.Equal(["NON_CONFORMANT", "CONFORMANT"], answer["results"]![0]!["imageResults"]!.AsArray().Select(result => (string)result!["verdict"]!));
    }

    [Theory]
    [InlineData("signed", "CONFORMANT")]
    [InlineData("signed-by-another-key", "NON_CONFORMANT")]
    [InlineData("not-signed", "NON_CONFORMANT")]
    public async Task Evaluate_SimpleSigningCheck_LooksForAStoredAttestation(string what, string expected)
    {
        await using var emulator = await TestEmulator.StartAsync();
        using var trusted = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await emulator.SendAsync(HttpMethod.Post, $"{Gke}?policyId=pp", SigningPolicy(trusted.ExportSubjectPublicKeyInfoPem()));
        if (what != "not-signed")
        {
            await emulator.SendAsync(HttpMethod.Post, $"/v1/{BinauthzFixture.Project}/notes?noteId=production-note", """{"attestation": {"hint": {"humanReadableName": "x"}}}""");
            var (stored, _) = await emulator.SendAsync(HttpMethod.Post, $"/v1/{BinauthzFixture.Project}/occurrences", Attestation(what == "signed" ? trusted : other));
            Assert.Equal(200, stored);
        }

        var (_, answer) = await emulator.SendAsync(HttpMethod.Post, $"{Gke}/pp:evaluate", $$$$"""{"resource": {"kind": "Pod", "spec": {"containers": [{"image": "{{{{Image}}}}"}]}}}""");

        Assert.Equal(expected, (string?)answer["verdict"]);
        Assert.Equal("SimpleSigningAttestationCheck", (string?)answer["results"]![0]!["imageResults"]![0]!["checkSetResult"]!["checkResults"]!["results"]![0]!["type"]);
    }

    [Theory]
    [InlineData("""{"displayName": "d", "vulnerabilityCheck": {"maximumFixableSeverity": "MEDIUM"}}""")]
    [InlineData("""{"displayName": "d", "sigstoreSignatureCheck": {}}""")]
    [InlineData("""{"displayName": "d", "slsaCheck": {}}""")]
    public async Task Evaluate_CheckThatIsNotEmulated_SaysSo(string check)
    {
        await using var emulator = await TestEmulator.StartAsync();
        await emulator.SendAsync(HttpMethod.Post, $"{Gke}?policyId=pp", $$$"""{"gkePolicy": {"checkSets": [{"checks": [{{{check}}}]}]}}""");

        var (status, answer) = await emulator.SendAsync(HttpMethod.Post, $"{Gke}/pp:evaluate", $$$$"""{"resource": {"kind": "Pod", "spec": {"containers": [{"image": "{{{{Image}}}}"}]}}}""");

        Assert.Equal((501, "UNIMPLEMENTED"), (status, (string?)answer["error"]!["status"]));
    }

    [Theory]
    [InlineData("""{"gkePolicy": {"checkSets": [{"scope": {"kubernetesNamespace": "a"}, "checks": [{"alwaysDeny": true}]}]}}""")]
    [InlineData("""{"gkePolicy": {"checkSets": [{"checks": [{"alwaysDeny": true}]}, {"checks": [{"alwaysDeny": true}]}]}}""")]
    [InlineData("""{"gkePolicy": {"checkSets": [{"checks": [{"displayName": "nothing"}]}]}}""")]
    [InlineData("""{"cloudRunPolicy": {}}""")]
    public async Task CreatePlatformPolicy_BadPolicy_InvalidArgument(string policy)
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (status, answer) = await emulator.SendAsync(HttpMethod.Post, $"{Gke}?policyId=pp", policy);

        Assert.Equal((400, "INVALID_ARGUMENT"), (status, (string?)answer["error"]!["status"]));
    }

    private static string SigningPolicy(string pem) => new JsonObject
    {
        ["gkePolicy"] = new JsonObject
        {
            ["checkSets"] = new JsonArray(new JsonObject
            {
                ["checks"] = new JsonArray(new JsonObject
                {
                    ["simpleSigningAttestationCheck"] = new JsonObject
                    {
                        ["containerAnalysisAttestationProjects"] = new JsonArray(BinauthzFixture.Project),
                        ["attestationAuthenticators"] = new JsonArray(new JsonObject
                        {
                            ["pkixPublicKeySet"] = new JsonObject
                            {
                                ["pkixPublicKeys"] = new JsonArray(new JsonObject { ["keyId"] = "urn:key", ["publicKeyPem"] = pem, ["signatureAlgorithm"] = "ECDSA_P256_SHA256" }),
                            },
                        }),
                    },
                }),
            }),
        },
    }.ToJsonString();

    private static string Attestation(ECDsa key)
    {
        var payload = Encoding.UTF8.GetBytes(Payload);
        return new JsonObject
        {
            ["noteName"] = BinauthzFixture.Note,
            ["resourceUri"] = "https://" + Image,
            ["attestation"] = new JsonObject
            {
                ["serializedPayload"] = Convert.ToBase64String(payload),
                ["signatures"] = new JsonArray(new JsonObject
                {
                    ["publicKeyId"] = "urn:key",
                    ["signature"] = Convert.ToBase64String(key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
                }),
            },
        }.ToJsonString();
    }
}
