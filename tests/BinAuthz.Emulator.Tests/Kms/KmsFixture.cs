using System.Security.Cryptography;
using Google.Cloud.Kms.V1;
using Google.Protobuf;
using AlgorithmName = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm;
using Service = Google.Cloud.Kms.V1.KeyManagementService.KeyManagementServiceClient;

namespace BinAuthz.Emulator.Tests.Kms;

/// <summary>Keys in an emulator.</summary>
internal sealed class KmsFixture(TestEmulator emulator)
{
    public const string Location = "projects/acme-prod/locations/us-central1";

    public const string Ring = Location + "/keyRings/production-binauthz";

    public const string Key = Ring + "/cryptoKeys/attestor-key";

    public Service Service { get; } = new(emulator.Channel);

    /// <summary>A ring with a key that has one enabled version.</summary>
    public async Task<string> CreateAsync(AlgorithmName algorithm = AlgorithmName.EcSignP256Sha256, string ring = Ring)
    {
        await Service.CreateKeyRingAsync(new CreateKeyRingRequest { Parent = Location, KeyRingId = ring[(ring.LastIndexOf('/') + 1)..] }, cancellationToken: TestEmulator.Stop);
        return await AddKeyAsync(algorithm, "attestor-key", ring);
    }

    public async Task<string> AddKeyAsync(AlgorithmName algorithm, string id, string ring = Ring)
    {
        var key = await Service.CreateCryptoKeyAsync(NewKey(algorithm, id, ring), cancellationToken: TestEmulator.Stop);
        return key.Name + "/cryptoKeyVersions/1";
    }

    public static CreateCryptoKeyRequest NewKey(AlgorithmName algorithm, string id = "attestor-key", string ring = Ring) => new()
    {
        Parent = ring,
        CryptoKeyId = id,
        CryptoKey = new CryptoKey { Purpose = CryptoKey.Types.CryptoKeyPurpose.AsymmetricSign, VersionTemplate = new CryptoKeyVersionTemplate { Algorithm = algorithm } },
    };

    public static AsymmetricSignRequest SignRequest(string version, byte[] message) =>
        new() { Name = version, Digest = new Digest { Sha256 = ByteString.CopyFrom(SHA256.HashData(message)) } };

    public async Task<CryptoKeyVersion> SetStateAsync(string version, CryptoKeyVersion.Types.CryptoKeyVersionState state) => await Service.UpdateCryptoKeyVersionAsync(
        new UpdateCryptoKeyVersionRequest { CryptoKeyVersion = new CryptoKeyVersion { Name = version, State = state }, UpdateMask = new() { Paths = { "state" } } },
        cancellationToken: TestEmulator.Stop);
}
