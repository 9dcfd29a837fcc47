using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using BinAuthz.Emulator.Tests.BinaryAuthorization;
using BinAuthz.Emulator.Tests.Kms;
using Google.Cloud.Kms.V1;

namespace BinAuthz.Emulator.Tests.Logging;

/// <summary>The admin activity entries of changes, field by field as in the samples.</summary>
public sealed class AdminAuditTests
{
    private const string Ring = "projects/acme-security/locations/us-central1/keyRings/binauthz";
    private const string Key = $"{Ring}/cryptoKeys/release-signer";
    private const string Attestor = "projects/acme-security/attestors/release";

    // What differs from one entry to the next. That Alice is a service account is a slip of the samples.
    private static readonly string[] Differ =
    [
        "insertId", "timestamp", "receiveTimestamp", "protoPayload.authenticationInfo.principalSubject",
        "protoPayload.requestMetadata.callerIp", "protoPayload.requestMetadata.callerSuppliedUserAgent", "protoPayload.requestMetadata.requestAttributes.time",
        "protoPayload.request.attestor.etag", "protoPayload.request.policy.etag", "protoPayload.response.etag", "protoPayload.response.updateTime", "protoPayload.response.destroyTime",
    ];

    // The samples were shortened.
    private static readonly string[] MayHaveMore = ["protoPayload.response.", "protoPayload.request.attestor."];

    public static TheoryData<string> Versions => ["kms-create-version", "kms-disable-version", "kms-destroy-version"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Change_OfAKeyVersion_IsLoggedAsInTheSample(string name)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var sample = Sample(name);
        await CreateKeyAsync(emulator);
        ActAs(emulator, sample);

        await RequestAsync(emulator, sample, name switch
        {
            "kms-create-version" => (HttpMethod.Post, $"/v1/{Key}/cryptoKeyVersions", "{}"),
            "kms-disable-version" => (HttpMethod.Patch, $"/v1/{Key}/cryptoKeyVersions/1?updateMask=state", """{"state":"DISABLED"}"""),
            _ => (HttpMethod.Post, $"/v1/{Key}/cryptoKeyVersions/1:destroy", "{}"),
        });

        Assert.Equal([], Differences(sample, Assert.Single(await EntriesAsync(emulator, "projects/acme-security"))));
    }

    [Fact]
    public async Task Change_OfAnAttestor_IsLoggedAsInTheSamples()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var (create, update) = (Sample("binauthz-create-attestor"), Sample("binauthz-update-attestor"));
        var wanted = update["protoPayload"]!["request"]!["attestor"]!.DeepClone().AsObject();
        ActAs(emulator, create);
        await RequestAsync(emulator, create, (HttpMethod.Post, "/v1/projects/acme-security/attestors?attestorId=release", """{"userOwnedGrafeasNote":{"noteReference":"projects/acme-security/notes/release-signed"}}"""));
        var (_, made) = await emulator.SendAsync(HttpMethod.Get, $"/v1/{Attestor}");
        wanted["etag"] = made["etag"]!.DeepClone();
        ActAs(emulator, update);

        await RequestAsync(emulator, update, (HttpMethod.Put, $"/v1/{Attestor}", wanted.ToJsonString()));

        var entries = await EntriesAsync(emulator, "projects/acme-security");
        Assert.Equal(2, entries.Count);
        Assert.Equal([], Differences(create, entries[0]));
        Assert.Equal([], Differences(update, entries[1]));
    }

    [Fact]
    public async Task Change_OfAPolicy_IsLoggedAsInTheSample()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var sample = Sample("binauthz-update-policy");
        foreach (var id in new[] { "release", "qa" })
        {
            await emulator.SendAsync(HttpMethod.Post, $"/v1/projects/acme-security/attestors?attestorId={id}", """{"userOwnedGrafeasNote":{"noteReference":"projects/acme-security/notes/n"}}""");
        }

        var (_, before) = await emulator.SendAsync(HttpMethod.Put, "/v1/projects/acme-prod/policy", """{"name":"projects/acme-prod/policy","defaultAdmissionRule":{"evaluationMode":"ALWAYS_ALLOW","enforcementMode":"ENFORCED_BLOCK_AND_AUDIT_LOG"}}""");
        var wanted = sample["protoPayload"]!["request"]!["policy"]!.DeepClone();
        wanted["etag"] = before["etag"]!.DeepClone();
        ActAs(emulator, sample);

        await RequestAsync(emulator, sample, (HttpMethod.Put, "/v1/projects/acme-prod/policy", wanted.ToJsonString()));

        Assert.Equal([], Differences(sample, (await EntriesAsync(emulator, "projects/acme-prod"))[^1]));
    }

    [Fact]
    public async Task Change_ByTheBetaApiOrOfAnotherKind_IsLoggedUnderItsOwnMethod()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await CreateKeyAsync(emulator);
        await emulator.SendAsync(HttpMethod.Post, "/v1beta1/projects/acme-security/attestors?attestorId=release", """{"userOwnedDrydockNote":{"noteReference":"projects/acme-security/notes/n"}}""");
        await emulator.SendAsync(HttpMethod.Delete, $"/v1/{Attestor}");
        await emulator.SendAsync(HttpMethod.Post, $"/v1/{Key}/cryptoKeyVersions/1:destroy", "{}");
        await emulator.SendAsync(HttpMethod.Post, $"/v1/{Key}/cryptoKeyVersions/1:restore", "{}");

        var entries = await EntriesAsync(emulator, "projects/acme-security");

        Assert.Equal(
            [
                "google.cloud.binaryauthorization.v1beta1.BinauthzManagementServiceV1Beta1.CreateAttestor",
                "google.cloud.binaryauthorization.v1.BinauthzManagementServiceV1.DeleteAttestor",
                "DestroyCryptoKeyVersion",
                "RestoreCryptoKeyVersion",
            ],
            entries.Select(entry => (string)entry["protoPayload"]!["methodName"]!));
        Assert.Equal("type.googleapis.com/google.cloud.binaryauthorization.v1beta1.CreateAttestorRequest", (string?)entries[0]["protoPayload"]!["request"]!["@type"]);
        Assert.Equal("binaryauthorization.attestors.delete", (string?)entries[1]["protoPayload"]!["authorizationInfo"]![0]!["permission"]);
    }

    [Fact]
    public async Task Change_Refused_IsNotLogged()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await CreateKeyAsync(emulator);

        var (status, _) = await emulator.SendAsync(HttpMethod.Post, $"/v1/{Key}/cryptoKeyVersions/1:restore", "{}");

        Assert.Equal(400, status);
        Assert.Empty(await EntriesAsync(emulator, "projects/acme-security"));
    }

    [Fact]
    public async Task Change_SwitchedOff_IsNotLogged()
    {
        await using var emulator = await TestEmulator.StartAsync();
        emulator.Host.Switches.AuditAdminActivity = false;

        await new BinauthzFixture(emulator).CreateAsync();

        Assert.Empty(await EntriesAsync(emulator, BinauthzFixture.Project));
    }

    private static async Task CreateKeyAsync(TestEmulator emulator)
    {
        var service = new KeyManagementService.KeyManagementServiceClient(emulator.Channel);
        await service.CreateKeyRingAsync(new CreateKeyRingRequest { Parent = "projects/acme-security/locations/us-central1", KeyRingId = "binauthz" }, cancellationToken: TestEmulator.Stop);
        await service.CreateCryptoKeyAsync(KmsFixture.NewKey(CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm.EcSignP256Sha256, "release-signer", Ring), cancellationToken: TestEmulator.Stop);
    }

    private static void ActAs(TestEmulator emulator, JsonNode sample) => emulator.Rest.DefaultRequestHeaders.Authorization =
        new AuthenticationHeaderValue("Bearer", (string)sample["protoPayload"]!["authenticationInfo"]!["principalEmail"]!);

    private static async Task RequestAsync(TestEmulator emulator, JsonNode sample, (HttpMethod Method, string Path, string Json) request)
    {
        emulator.Rest.DefaultRequestHeaders.UserAgent.ParseAdd((string)sample["protoPayload"]!["requestMetadata"]!["callerSuppliedUserAgent"]!);
        var (status, answer) = await emulator.SendAsync(request.Method, request.Path, request.Json);
        Assert.True(status == 200, answer.ToJsonString());
    }

    private static async Task<IReadOnlyList<JsonNode>> EntriesAsync(TestEmulator emulator, string project)
    {
        var (_, json) = await emulator.SendAsync(HttpMethod.Post, "/v2/entries:list", new JsonObject { ["resourceNames"] = new JsonArray(project), ["filter"] = "logName:\"activity\"" }.ToJsonString());
        return [.. (json["entries"] as JsonArray ?? []).Select(entry => entry!)];
    }

    private static JsonNode Sample(string name) => JsonNode.Parse(File.ReadAllText($"testdata/logs/{name}.json"))!;

    private static IReadOnlyList<string> Differences(JsonNode sample, JsonNode entry) => SampleEntry.Differences(sample, entry, Differ, [], MayHaveMore);
}
