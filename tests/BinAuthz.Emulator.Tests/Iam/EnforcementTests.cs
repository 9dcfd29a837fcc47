using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Google.Cloud.BinaryAuthorization.V1;
using Google.Cloud.PubSub.V1;
using Grafeas.V1;
using Grpc.Core;
using GoogleKms = Google.Cloud.Kms.V1;

namespace BinAuthz.Emulator.Tests.Iam;

/// <summary>Whom the emulator lets do what while it enforces IAM.</summary>
public sealed class EnforcementTests(EnforcementFixture fixture) : IClassFixture<EnforcementFixture>
{
    private const string Caller = "ann@acme-prod.iam.gserviceaccount.com";
    private const string Member = $"serviceAccount:{Caller}";
    private const string Bucket = "projects/_/buckets/evidence";
    private static readonly Grpc.Core.Metadata AsCaller = new() { { "authorization", $"Bearer {Caller}" } };
    private readonly TestEmulator emulator = fixture.Emulator;

    private EmulatorAccess Access => emulator.Host.Access;

    [Fact]
    public async Task Call_WithoutGrant_IsRefusedInGooglesWords()
    {
        var error = await TestEmulator.FailureAsync(Attestors.GetAttestorAsync(new GetAttestorRequest { Name = "projects/nobody/attestors/a" }, AsCaller, cancellationToken: TestEmulator.Stop));

        Assert.Equal(
            (StatusCode.PermissionDenied, "Permission 'binaryauthorization.attestors.get' denied on resource 'projects/nobody/attestors/a' (or it may not exist)."),
            (error.StatusCode, error.Status.Detail));
        Assert.Contains(new AccessDecision(Caller, "binaryauthorization.attestors.get", "projects/nobody/attestors/a", false), Access.Decisions);
    }

    [Fact]
    public async Task Call_OfTheOperator_IsAnsweredWhateverIsGranted() =>
        Assert.Equal(StatusCode.NotFound, (await TestEmulator.FailureAsync(Attestors.GetAttestorAsync(new GetAttestorRequest { Name = "projects/nobody/attestors/a" }, cancellationToken: TestEmulator.Stop))).StatusCode);

    [Theory]
    [InlineData("projects/p1")]
    [InlineData("projects/p1/locations/us/keyRings/r")]
    [InlineData("projects/p1/locations/us/keyRings/r/cryptoKeys/k")]
    public async Task Call_GrantOnWhatTheResourceIsIn_Counts(string granted)
    {
        Access.Bind(granted, "roles/cloudkms.publicKeyViewer", [Member]);

        Assert.Equal(StatusCode.NotFound, await StatusAsync("projects/p1/locations/us/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1"));
        Assert.Equal(StatusCode.PermissionDenied, await StatusAsync("projects/p2/locations/us/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1"));
        Access.Bind(granted, "roles/cloudkms.publicKeyViewer", []);
        Assert.Equal(StatusCode.PermissionDenied, await StatusAsync("projects/p1/locations/us/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1"));
    }

    [Theory]
    [InlineData("roles/owner", true)]
    [InlineData("roles/editor", false)]
    [InlineData("roles/viewer", false)]
    [InlineData("roles/cloudkms.signer", true)]
    [InlineData("roles/cloudkms.signers", false)]
    [InlineData("projects/roles-1/roles/signing", true)]
    [InlineData("projects/roles-1/roles/none", false)]
    public async Task Sign_ByARole_IsWhatItHolds(string role, bool allowed)
    {
        Access.DefineRole("projects/roles-1/roles/signing", ["cloudkms.cryptoKeyVersions.useToSign"]);
        Access.Bind("projects/roles-1", role, [Member]);

        var error = await TestEmulator.FailureAsync(new GoogleKms.KeyManagementService.KeyManagementServiceClient(emulator.Channel).AsymmetricSignAsync(
            new GoogleKms.AsymmetricSignRequest { Name = "projects/roles-1/locations/us/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1", Digest = new GoogleKms.Digest { Sha256 = Google.Protobuf.ByteString.CopyFrom(new byte[32]) } }, AsCaller, cancellationToken: TestEmulator.Stop));

        Access.Bind("projects/roles-1", role, []);
        Assert.Equal(allowed, error.StatusCode != StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task CreateOccurrence_WithoutTheNote_IsRefused()
    {
        Access.Bind("projects/p3", "roles/containeranalysis.occurrences.editor", [Member]);
        var request = new CreateOccurrenceRequest { Parent = "projects/p3", Occurrence = new Occurrence { NoteName = "projects/p3/notes/n", ResourceUri = "https://a", Attestation = new AttestationOccurrence() } };
        var analysis = new Grafeas.V1.Grafeas.GrafeasClient(emulator.Channel);

        var refused = await TestEmulator.FailureAsync(analysis.CreateOccurrenceAsync(request, AsCaller, cancellationToken: TestEmulator.Stop));
        Access.Bind("projects/p3/notes/n", "roles/containeranalysis.notes.attacher", [Member]);
        var let = await TestEmulator.FailureAsync(analysis.CreateOccurrenceAsync(request, AsCaller, cancellationToken: TestEmulator.Stop));

        Assert.Contains("'containeranalysis.notes.attachOccurrence' denied on resource 'projects/p3/notes/n'", refused.Status.Detail, StringComparison.Ordinal);
        Assert.NotEqual(StatusCode.PermissionDenied, let.StatusCode);
    }

    [Fact]
    public async Task Call_OfAMethodThatIsNotInTheTable_IsRefusedToAnOwner()
    {
        Access.Bind("projects/p4", "roles/owner", [Member]);

        var error = await TestEmulator.FailureAsync(new Subscriber.SubscriberClient(emulator.Channel).ListSnapshotsAsync(new ListSnapshotsRequest { Project = "projects/p4" }, AsCaller, cancellationToken: TestEmulator.Stop));

        Assert.Contains("does not know which permission /google.pubsub.v1.Subscriber/ListSnapshots needs", error.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""resource.name.startsWith("projects/_/buckets/evidence/objects/audits/")""", "audits/a", true)]
    [InlineData("""resource.name.startsWith("projects/_/buckets/evidence/objects/audits/")""", "alerts/a", false)]
    [InlineData("""resource.name.startsWith("projects/_/buckets/evidence/objects/b/") || resource.name.startsWith("projects/_/buckets/evidence/objects/a/")""", "a/x", true)]
    [InlineData("""resource.name.startsWith("projects/_/buckets/evidence/objects/") && true""", "audits/a", false)]
    [InlineData("true", "audits/a", false)]
    public async Task Insert_UnderACondition_IsLetOnlyWhereItHolds(string condition, string name, bool allowed)
    {
        Access.Bind(Bucket, "roles/storage.objectCreator", [Member], condition);

        var (status, body) = await SendAsync(HttpMethod.Post, $"/upload/storage/v1/b/evidence/o?uploadType=media&ifGenerationMatch=0&name={name}", "x");

        Access.Bind(Bucket, "roles/storage.objectCreator", [], condition);
        Assert.Equal(allowed, status is 200 or 412);
        if (!allowed)
        {
            Assert.Equal((403, "forbidden"), (status, (string?)body["error"]!["errors"]![0]!["reason"]));
            Assert.StartsWith($"{Caller} does not have storage.objects.create access to the Google Cloud Storage object.", (string?)body["error"]!["message"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Insert_ThatMayReplaceAnObject_NeedsToDelete()
    {
        Access.Bind(Bucket, "roles/storage.objectCreator", [Member]);

        var (status, body) = await SendAsync(HttpMethod.Post, "/upload/storage/v1/b/evidence/o?uploadType=media&name=o", "x");

        Access.Bind(Bucket, "roles/storage.objectCreator", []);
        Assert.Equal(403, status);
        Assert.Contains("storage.objects.delete", (string?)body["error"]!["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("roles/storage.legacyObjectReader", 403)]
    [InlineData("roles/storage.objectViewer", 404)]
    public async Task Get_ObjectThatIsNotThere_IsToldOnlyWhoMayList(string role, int expected)
    {
        Access.Bind(Bucket, role, [Member]);

        var (status, _) = await SendAsync(HttpMethod.Get, "/storage/v1/b/evidence/o/none");

        Access.Bind(Bucket, role, []);
        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task Pull_OfAnImage_IsRefusedInTheRegistrysWords()
    {
        var (status, body) = await SendAsync(HttpMethod.Get, "/v2/nobody/app/server/manifests/latest");

        Assert.Equal(403, status);
        Assert.Equal("Permission \"artifactregistry.repositories.downloadArtifacts\" denied on resource \"projects/nobody/locations/us-central1/repositories/app\" (or it may not exist)", (string?)body["errors"]![0]!["message"]);
    }

    [Theory]
    [InlineData("/v1/projects/nobody/assets?assetTypes=k8s.io/Pod&contentType=RESOURCE", "cloudasset.assets.listResource")]
    [InlineData("/v1/projects/nobody/locations/-/clusters", "container.clusters.list")]
    [InlineData("/storage/v1/b?project=nobody", "storage.buckets.list")]
    public async Task Rest_WithoutGrant_IsRefusedWithThePermission(string path, string permission)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, path);

        Assert.Equal(403, status);
        Assert.Contains(permission, (string?)body["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task TestIamPermissions_OfACaller_IsDecidedAsCallsAre()
    {
        Access.Bind("projects/p5/topics/t", "roles/pubsub.publisher", [Member]);
        const string Asked = """{"permissions":["pubsub.topics.publish","pubsub.topics.get"]}""";

        var (_, held) = await SendAsync(HttpMethod.Post, "/v1/projects/p5/topics/t:testIamPermissions", Asked);
        var (_, byOperator) = await emulator.SendAsync(HttpMethod.Post, "/v1/projects/p5/topics/t:testIamPermissions", Asked);

        Assert.Equal("""["pubsub.topics.publish"]""", held["permissions"]!.ToJsonString());
        Assert.Equal("""["pubsub.topics.publish","pubsub.topics.get"]""", byOperator["permissions"]!.ToJsonString());
    }

    [Fact]
    public async Task Call_WithAWithheldPermission_IsRefusedAlthoughItIsGranted()
    {
        Access.Bind("projects/p6", "roles/cloudkms.publicKeyViewer", [Member]);
        emulator.Host.Switches.WithheldPermissions = ["cloudkms.cryptoKeyVersions.viewPublicKey"];

        var status = await StatusAsync("projects/p6/locations/us/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1");

        emulator.Host.Switches.WithheldPermissions = [];
        Assert.Equal(StatusCode.PermissionDenied, status);
    }

    private BinauthzManagementServiceV1.BinauthzManagementServiceV1Client Attestors => new(emulator.Channel);

    private async Task<StatusCode> StatusAsync(string version) =>
        (await TestEmulator.FailureAsync(new GoogleKms.KeyManagementService.KeyManagementServiceClient(emulator.Channel).GetPublicKeyAsync(new GoogleKms.GetPublicKeyRequest { Name = version }, AsCaller, cancellationToken: TestEmulator.Stop))).StatusCode;

    private async Task<(int Status, JsonNode Body)> SendAsync(HttpMethod method, string path, string? content = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Caller);
        if (content is not null)
        {
            request.Content = new StringContent(content, System.Text.Encoding.UTF8, "application/json");
        }

        using var response = await emulator.Rest.SendAsync(request, TestEmulator.Stop);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestEmulator.Stop))!);
    }
}
