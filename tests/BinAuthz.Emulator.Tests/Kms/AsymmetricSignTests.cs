using System.Security.Cryptography;
using System.Text;
using Google.Cloud.Kms.V1;
using Google.Protobuf;
using Grpc.Core;
using AlgorithmName = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm;
using VersionState = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Emulator.Tests.Kms;

public sealed class AsymmetricSignTests
{
    private static readonly byte[] Message = Encoding.UTF8.GetBytes("what is signed");

    [Theory]
    [InlineData(AlgorithmName.EcSignP256Sha256, "ec", "SHA256")]
    [InlineData(AlgorithmName.EcSignP384Sha384, "ec", "SHA384")]
    [InlineData(AlgorithmName.RsaSignPkcs12048Sha256, "pkcs1", "SHA256")]
    [InlineData(AlgorithmName.RsaSignPkcs13072Sha256, "pkcs1", "SHA256")]
    [InlineData(AlgorithmName.RsaSignPkcs14096Sha256, "pkcs1", "SHA256")]
    [InlineData(AlgorithmName.RsaSignPkcs14096Sha512, "pkcs1", "SHA512")]
    [InlineData(AlgorithmName.RsaSignPss2048Sha256, "pss", "SHA256")]
    [InlineData(AlgorithmName.RsaSignPss3072Sha256, "pss", "SHA256")]
    [InlineData(AlgorithmName.RsaSignPss4096Sha256, "pss", "SHA256")]
    [InlineData(AlgorithmName.RsaSignPss4096Sha512, "pss", "SHA512")]
    public async Task AsymmetricSign_EveryAlgorithm_VerifiesWithThePublicKey(AlgorithmName algorithm, string kind, string hash)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        var version = await kms.CreateAsync(algorithm);
        var digest = hash switch
        {
            "SHA256" => new Digest { Sha256 = ByteString.CopyFrom(SHA256.HashData(Message)) },
            "SHA384" => new Digest { Sha384 = ByteString.CopyFrom(SHA384.HashData(Message)) },
            _ => new Digest { Sha512 = ByteString.CopyFrom(SHA512.HashData(Message)) },
        };

        var answer = await kms.Service.AsymmetricSignAsync(new AsymmetricSignRequest { Name = version, Digest = digest }, cancellationToken: TestEmulator.Stop);
        var key = await kms.Service.GetPublicKeyAsync(new GetPublicKeyRequest { Name = version }, cancellationToken: TestEmulator.Stop);

        Assert.Equal((version, version, algorithm), (answer.Name, key.Name, key.Algorithm));
        Assert.Equal(Crc32C(answer.Signature.ToByteArray()), answer.SignatureCrc32C);
        Assert.Equal(Crc32C(Encoding.UTF8.GetBytes(key.Pem)), key.PemCrc32C);
        Assert.False(answer.VerifiedDigestCrc32C);
        Assert.True(Verifies(key.Pem, answer.Signature.ToByteArray(), kind, new HashAlgorithmName(hash)));
    }

    [Fact]
    public async Task AsymmetricSign_DigestChecksumGiven_IsVerified()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        var request = KmsFixture.SignRequest(await kms.CreateAsync(), Message);
        request.DigestCrc32C = Crc32C(request.Digest.Sha256.ToByteArray());

        var answer = await kms.Service.AsymmetricSignAsync(request, cancellationToken: TestEmulator.Stop);

        Assert.True(answer.VerifiedDigestCrc32C);
        Assert.Equal(ProtectionLevel.Software, answer.ProtectionLevel);
    }

    public static TheoryData<string, StatusCode> BadRequests => new()
    {
        { "malformed-name", StatusCode.InvalidArgument },
        { "unknown-version", StatusCode.NotFound },
        { "digest-of-another-hash", StatusCode.InvalidArgument },
        { "short-digest", StatusCode.InvalidArgument },
        { "digest-and-data", StatusCode.InvalidArgument },
        { "nothing-to-sign", StatusCode.InvalidArgument },
        { "wrong-checksum", StatusCode.InvalidArgument },
        { "symmetric-key", StatusCode.FailedPrecondition },
        { "disabled", StatusCode.FailedPrecondition },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task AsymmetricSign_BadRequest_IsRefused(string what, StatusCode expected)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        var request = KmsFixture.SignRequest(await kms.CreateAsync(), Message);
        await SpoilAsync(kms, request, what);

        var error = await TestEmulator.FailureAsync(kms.Service.AsymmetricSignAsync(request, cancellationToken: TestEmulator.Stop));

        Assert.Equal(expected, error.StatusCode);
    }

    [Fact]
    public async Task AsymmetricSign_DisabledOverRest_AnswersGooglesError()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        var version = await kms.CreateAsync();
        await kms.SetStateAsync(version, VersionState.Disabled);

        var (status, json) = await emulator.SendAsync(HttpMethod.Post, $"/v1/{version}:asymmetricSign", $$$"""{"digest":{"sha256":"{{{new string('A', 43)}}}="}}""");

        Assert.Equal(400, status);
        Assert.Equal("FAILED_PRECONDITION", (string?)json["error"]!["status"]);
        Assert.Equal($"{version} is not enabled, current state is: DISABLED.", (string?)json["error"]!["message"]);
        var violation = json["error"]!["details"]![0]!["violations"]![0]!;
        Assert.Equal(("KEY_DISABLED", version), ((string?)violation["type"], (string?)violation["subject"]));
    }

    [Fact]
    public async Task AsymmetricSign_Base64UrlDigestOverRest_SignsThatDigest()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        var version = await kms.CreateAsync();
        var message = Enumerable.Range(0, 1000).Select(i => BitConverter.GetBytes(i)).First(bytes => Convert.ToBase64String(SHA256.HashData(bytes)).Contains('/'));
        var url = Convert.ToBase64String(SHA256.HashData(message)).Replace('+', '-').Replace('/', '_');

        var (status, json) = await emulator.SendAsync(HttpMethod.Post, $"/v1/{version}:asymmetricSign?alt=json",
            $$"""{"digest":{"sha256":"{{url}}"},"digestCrc32c":"{{Crc32C(SHA256.HashData(message))}}"}""");
        var (_, key) = await emulator.SendAsync(HttpMethod.Get, $"/v1/{version}/publicKey");

        Assert.Equal((200, true), (status, (bool)json["verifiedDigestCrc32c"]!));
        using var ec = ECDsa.Create();
        ec.ImportFromPem((string)key["pem"]!);
        Assert.True(ec.VerifyData(message, Convert.FromBase64String((string)json["signature"]!), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    [Fact]
    public async Task AsymmetricSign_ManyAtOnce_AllVerify()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        var version = await kms.CreateAsync();
        var key = await kms.Service.GetPublicKeyAsync(new GetPublicKeyRequest { Name = version }, cancellationToken: TestEmulator.Stop);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ =>
            kms.Service.AsymmetricSignAsync(KmsFixture.SignRequest(version, Message), cancellationToken: TestEmulator.Stop).ResponseAsync));

        Assert.All(answers, answer => Assert.True(Verifies(key.Pem, answer.Signature.ToByteArray(), "ec", HashAlgorithmName.SHA256)));
    }

    [Fact]
    public async Task AsymmetricSign_MlDsa_SignsDataOrIsRefusedWithTheReason()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        await kms.CreateAsync();
        var create = KmsFixture.NewKey(AlgorithmName.PqSignMlDsa65, "post-quantum");
        if (!MLDsa.IsSupported)
        {
            var refusal = await TestEmulator.FailureAsync(kms.Service.CreateCryptoKeyAsync(create, cancellationToken: TestEmulator.Stop));

            Assert.Equal(StatusCode.Unimplemented, refusal.StatusCode);
            Assert.Contains("OpenSSL 3.5", refusal.Status.Detail, StringComparison.Ordinal);
            return;
        }

        var version = (await kms.Service.CreateCryptoKeyAsync(create, cancellationToken: TestEmulator.Stop)).Name + "/cryptoKeyVersions/1";
        var answer = await kms.Service.AsymmetricSignAsync(new AsymmetricSignRequest { Name = version, Data = ByteString.CopyFrom(Message) }, cancellationToken: TestEmulator.Stop);
        var key = await kms.Service.GetPublicKeyAsync(new GetPublicKeyRequest { Name = version }, cancellationToken: TestEmulator.Stop);

        using var verifier = MLDsa.ImportFromPem(key.Pem);
        Assert.True(verifier.VerifyData(Message, answer.Signature.ToByteArray()));
    }

    private static async Task SpoilAsync(KmsFixture kms, AsymmetricSignRequest request, string what)
    {
        switch (what)
        {
            case "malformed-name":
                request.Name += "/x";
                break;
            case "unknown-version":
                request.Name = request.Name[..^1] + "7";
                break;
            case "digest-of-another-hash":
                request.Digest = new Digest { Sha512 = ByteString.CopyFrom(SHA512.HashData(Message)) };
                break;
            case "short-digest":
                request.Digest.Sha256 = ByteString.CopyFrom(1, 2, 3);
                break;
            case "digest-and-data":
                request.Data = ByteString.CopyFrom(Message);
                break;
            case "nothing-to-sign":
                request.Digest = null;
                break;
            case "wrong-checksum":
                request.DigestCrc32C = 1;
                break;
            case "symmetric-key":
                var key = KmsFixture.NewKey(AlgorithmName.GoogleSymmetricEncryption, "symmetric");
                key.CryptoKey.Purpose = CryptoKey.Types.CryptoKeyPurpose.EncryptDecrypt;
                request.Name = (await kms.Service.CreateCryptoKeyAsync(key, cancellationToken: TestEmulator.Stop)).Name + "/cryptoKeyVersions/1";
                break;
            default:
                await kms.SetStateAsync(request.Name, VersionState.Disabled);
                break;
        }
    }

    private static bool Verifies(string pem, byte[] signature, string kind, HashAlgorithmName hash)
    {
        if (kind == "ec")
        {
            using var ec = ECDsa.Create();
            ec.ImportFromPem(pem);
            return ec.VerifyData(Message, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
        }

        using var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        return rsa.VerifyData(Message, signature, hash, kind == "pss" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    // Bit by bit, as the definition has it.
    private static long Crc32C(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }
}
