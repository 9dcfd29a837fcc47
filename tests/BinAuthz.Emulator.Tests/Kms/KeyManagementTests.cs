using Google.Cloud.Kms.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using AlgorithmName = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm;

namespace BinAuthz.Emulator.Tests.Kms;

public sealed class KeyManagementTests
{
    [Fact]
    public async Task CreateKeyRing_Twice_AlreadyExists()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        await kms.CreateAsync();

        var again = await TestEmulator.FailureAsync(kms.Service.CreateKeyRingAsync(
            new CreateKeyRingRequest { Parent = KmsFixture.Location, KeyRingId = "production-binauthz" }, cancellationToken: TestEmulator.Stop));

        Assert.Equal((StatusCode.AlreadyExists, $"KeyRing {KmsFixture.Ring} already exists."), (again.StatusCode, again.Status.Detail));
    }

    [Fact]
    public async Task CreateCryptoKey_OverRestAsGcloudSendsIt_HasGooglesDefaults()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await emulator.SendAsync(HttpMethod.Post, $"/v1/{KmsFixture.Location}/keyRings?alt=json&keyRingId=production-binauthz", "{}");

        var (status, key) = await emulator.SendAsync(HttpMethod.Post, $"/v1/{KmsFixture.Ring}/cryptoKeys?alt=json&cryptoKeyId=attestor-key",
            """{"purpose": "ASYMMETRIC_SIGN", "versionTemplate": {"algorithm": "EC_SIGN_P256_SHA256", "protectionLevel": "HSM"}, "labels": {"app": "binauthz"}}""");

        Assert.Equal((200, KmsFixture.Key, "2592000s"), (status, (string?)key["name"], (string?)key["destroyScheduledDuration"]));
        Assert.Equal(("HSM", "binauthz"), ((string?)key["versionTemplate"]!["protectionLevel"], (string?)key["labels"]!["app"]));
        Assert.Null(key["primary"]);
    }

    public static TheoryData<string, StatusCode> BadKeys => new()
    {
        { "duplicate", StatusCode.AlreadyExists },
        { "no-ring", StatusCode.NotFound },
        { "bad-id", StatusCode.InvalidArgument },
        { "no-purpose", StatusCode.InvalidArgument },
        { "no-algorithm", StatusCode.InvalidArgument },
        { "algorithm-of-another-purpose", StatusCode.InvalidArgument },
        { "algorithm-that-no-attestor-accepts", StatusCode.Unimplemented },
        { "rotation-period", StatusCode.InvalidArgument },
        { "short-destroy-delay", StatusCode.InvalidArgument },
        { "bad-label", StatusCode.InvalidArgument },
    };

    [Theory]
    [MemberData(nameof(BadKeys))]
    public async Task CreateCryptoKey_BadRequest_IsRefused(string what, StatusCode expected)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        await kms.CreateAsync();
        var request = KmsFixture.NewKey(AlgorithmName.EcSignP256Sha256, "second");
        Spoil(request, what);

        var error = await TestEmulator.FailureAsync(kms.Service.CreateCryptoKeyAsync(request, cancellationToken: TestEmulator.Stop));

        Assert.Equal(expected, error.StatusCode);
        Assert.NotEmpty(error.Status.Detail);
    }

    [Theory]
    [InlineData("labels", StatusCode.OK)]
    [InlineData("version_template.algorithm", StatusCode.OK)]
    [InlineData("rotation_period", StatusCode.InvalidArgument)]
    [InlineData("next_rotation_time", StatusCode.InvalidArgument)]
    [InlineData("purpose", StatusCode.InvalidArgument)]
    [InlineData("destroy_scheduled_duration", StatusCode.InvalidArgument)]
    [InlineData("", StatusCode.InvalidArgument)]
    public async Task UpdateCryptoKey_Mask_DecidesWhatChanges(string path, StatusCode expected)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        await kms.CreateAsync();
        var request = new UpdateCryptoKeyRequest
        {
            CryptoKey = new CryptoKey
            {
                Name = KmsFixture.Key,
                Labels = { ["team"] = "core" },
                VersionTemplate = new CryptoKeyVersionTemplate { Algorithm = AlgorithmName.EcSignP384Sha384 },
                RotationPeriod = Duration.FromTimeSpan(TimeSpan.FromDays(90)),
            },
            UpdateMask = path.Length == 0 ? null : new FieldMask { Paths = { path } },
        };

        var outcome = await StatusAsync(kms.Service.UpdateCryptoKeyAsync(request, cancellationToken: TestEmulator.Stop));
        var key = await kms.Service.GetCryptoKeyAsync(new GetCryptoKeyRequest { Name = KmsFixture.Key }, cancellationToken: TestEmulator.Stop);

        Assert.Equal(expected, outcome);
        Assert.Equal(path == "labels" ? 1 : 0, key.Labels.Count);
        Assert.Equal(path.StartsWith("version", StringComparison.Ordinal) ? AlgorithmName.EcSignP384Sha384 : AlgorithmName.EcSignP256Sha256, key.VersionTemplate.Algorithm);
        Assert.Null(key.RotationPeriod);
    }

    [Fact]
    public async Task UpdateCryptoKey_CamelCaseMaskInTheQuery_IsUnderstood()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await new KmsFixture(emulator).CreateAsync();

        var (status, error) = await emulator.SendAsync(HttpMethod.Patch, $"/v1/{KmsFixture.Key}?alt=json&updateMask=rotationPeriod,nextRotationTime",
            """{"nextRotationTime": "2030-01-01T00:00:00.000Z", "rotationPeriod": "7776000s"}""");
        var (changed, key) = await emulator.SendAsync(HttpMethod.Patch, $"/v1/{KmsFixture.Key}?updateMask=versionTemplate.algorithm", """{"versionTemplate": {"algorithm": "EC_SIGN_P384_SHA384"}}""");

        Assert.Equal((400, "INVALID_ARGUMENT"), (status, (string?)error["error"]!["status"]));
        Assert.Contains("ENCRYPT_DECRYPT", (string?)error["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal((200, "EC_SIGN_P384_SHA384"), (changed, (string?)key["versionTemplate"]!["algorithm"]));
    }

    [Fact]
    public async Task UpdatePrimaryVersion_AsymmetricKey_IsRefused()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await new KmsFixture(emulator).CreateAsync();

        var (status, error) = await emulator.SendAsync(HttpMethod.Post, $"/v1/{KmsFixture.Key}:updatePrimaryVersion", """{"cryptoKeyVersionId":"1"}""");

        Assert.Equal((400, "INVALID_ARGUMENT"), (status, (string?)error["error"]!["status"]));
    }

    [Fact]
    public async Task ListCryptoKeyVersions_TwelveInPagesOfFive_AreAllThereInOrderOfNumber()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        await kms.CreateAsync();
        for (var i = 2; i <= 12; i++)
        {
            await kms.Service.CreateCryptoKeyVersionAsync(new CreateCryptoKeyVersionRequest { Parent = KmsFixture.Key }, cancellationToken: TestEmulator.Stop);
        }

        var names = new List<string>();
        var request = new ListCryptoKeyVersionsRequest { Parent = KmsFixture.Key, PageSize = 5 };
        do
        {
            var page = await kms.Service.ListCryptoKeyVersionsAsync(request, cancellationToken: TestEmulator.Stop);
            Assert.Equal(12, page.TotalSize);
            names.AddRange(page.CryptoKeyVersions.Select(version => version.Name));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(Enumerable.Range(1, 12).Select(i => $"{KmsFixture.Key}/cryptoKeyVersions/{i}"), names);
    }

    [Theory]
    [InlineData("state=ENABLED", 1)]
    [InlineData("state:DISABLED", 1)]
    [InlineData("state != DISABLED AND algorithm=\"EC_SIGN_P256_SHA256\"", 1)]
    [InlineData("state=DESTROYED", 0)]
    [InlineData("", 2)]
    public async Task ListCryptoKeyVersions_Filter_LetsThroughWhatMatches(string filter, int expected)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        var first = await kms.CreateAsync();
        await kms.Service.CreateCryptoKeyVersionAsync(new CreateCryptoKeyVersionRequest { Parent = KmsFixture.Key }, cancellationToken: TestEmulator.Stop);
        await kms.SetStateAsync(first, CryptoKeyVersion.Types.CryptoKeyVersionState.Disabled);

        var list = await kms.Service.ListCryptoKeyVersionsAsync(new ListCryptoKeyVersionsRequest { Parent = KmsFixture.Key, Filter = filter }, cancellationToken: TestEmulator.Stop);

        Assert.Equal(expected, list.TotalSize);
    }

    [Theory]
    [InlineData("state>ENABLED")]
    [InlineData("colour=red")]
    public async Task ListCryptoKeyVersions_FilterThatIsNotEmulated_IsRefused(string filter)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        await kms.CreateAsync();

        var error = await TestEmulator.FailureAsync(kms.Service.ListCryptoKeyVersionsAsync(
            new ListCryptoKeyVersionsRequest { Parent = KmsFixture.Key, Filter = filter }, cancellationToken: TestEmulator.Stop));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task GetPublicKey_VerifiedBuilder_IsThereFromTheStart()
    {
        await using var emulator = await TestEmulator.StartAsync();

        var (status, key) = await emulator.SendAsync(HttpMethod.Get,
            "/v1/projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/google-hosted-worker/cryptoKeyVersions/1/publicKey");

        Assert.Equal((200, "EC_SIGN_P256_SHA256"), (status, (string?)key["algorithm"]));
        Assert.StartsWith("-----BEGIN PUBLIC KEY-----\n", (string?)key["pem"], StringComparison.Ordinal);
    }

    private static void Spoil(CreateCryptoKeyRequest request, string what)
    {
        var key = request.CryptoKey;
        switch (what)
        {
            case "duplicate":
                request.CryptoKeyId = "attestor-key";
                break;
            case "no-ring":
                request.Parent += "x";
                break;
            case "bad-id":
                request.CryptoKeyId = "no blanks";
                break;
            case "no-purpose":
                key.Purpose = default;
                break;
            case "no-algorithm":
                key.VersionTemplate = null;
                break;
            case "algorithm-of-another-purpose":
                key.VersionTemplate.Algorithm = AlgorithmName.HmacSha256;
                break;
            case "algorithm-that-no-attestor-accepts":
                key.VersionTemplate.Algorithm = AlgorithmName.EcSignEd25519;
                break;
            case "rotation-period":
                key.RotationPeriod = Duration.FromTimeSpan(TimeSpan.FromDays(90));
                break;
            case "short-destroy-delay":
                key.DestroyScheduledDuration = Duration.FromTimeSpan(TimeSpan.FromHours(1));
                break;
            default:
                key.Labels["Upper"] = "x";
                break;
        }
    }

    private static async Task<StatusCode> StatusAsync<T>(AsyncUnaryCall<T> call)
    {
        try
        {
            await call;
            return StatusCode.OK;
        }
        catch (RpcException error)
        {
            return error.StatusCode;
        }
    }
}
