using System.Security.Cryptography;
using BinAuthz.Emulator;
using Google.Cloud.BinaryAuthorization.V1;
using Google.Cloud.Kms.V1;
using Google.Protobuf;
using Grafeas.V1;
using Grpc.Core;
using KmsAlgorithm = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm;
using PkixAlgorithm = Google.Cloud.BinaryAuthorization.V1.PkixPublicKey.Types.SignatureAlgorithm;

namespace BinAuthz.EndToEnd.Tests.Openssl;

/// <summary>openssl as the judge of signatures: over the payload as stored, for every algorithm that Binary Authorization accepts.</summary>
public sealed class OpensslTests : IAsyncLifetime
{
    private const string Image = "https://us-docker.pkg.dev/acme-prod/apps/web@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc";

    private static readonly byte[] Payload = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "testdata", "attestation", "payload-gcloud.json"));

    private static readonly string[] Pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"];

    private readonly string openssl = ExternalTool.Require("openssl");
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("binauthz-openssl-");
    private EmulatorHost? emulator;
    private GrpcProject? project;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private GrpcProject Project => project ?? throw new InvalidOperationException("The emulator has not been started.");

    public async ValueTask InitializeAsync()
    {
        emulator = await EmulatorHost.StartAsync(new EmulatorOptions(), Stop);
        project = new GrpcProject(emulator, "acme-prod", Stop);
        await project.CreateNoteAsync();
    }

    public async ValueTask DisposeAsync()
    {
        project?.Dispose();
        folder.Delete(recursive: true);
        if (emulator is not null)
        {
            await emulator.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(KmsAlgorithm.EcSignP256Sha256, PkixAlgorithm.EcdsaP256Sha256)]
    [InlineData(KmsAlgorithm.EcSignP384Sha384, PkixAlgorithm.EcdsaP384Sha384)]
    [InlineData(KmsAlgorithm.RsaSignPss2048Sha256, PkixAlgorithm.RsaPss2048Sha256)]
    [InlineData(KmsAlgorithm.RsaSignPss3072Sha256, PkixAlgorithm.RsaPss3072Sha256)]
    [InlineData(KmsAlgorithm.RsaSignPss4096Sha256, PkixAlgorithm.RsaPss4096Sha256)]
    [InlineData(KmsAlgorithm.RsaSignPss4096Sha512, PkixAlgorithm.RsaPss4096Sha512)]
    [InlineData(KmsAlgorithm.RsaSignPkcs12048Sha256, PkixAlgorithm.RsaSignPkcs12048Sha256)]
    [InlineData(KmsAlgorithm.RsaSignPkcs13072Sha256, PkixAlgorithm.RsaSignPkcs13072Sha256)]
    [InlineData(KmsAlgorithm.RsaSignPkcs14096Sha256, PkixAlgorithm.RsaSignPkcs14096Sha256)]
    [InlineData(KmsAlgorithm.RsaSignPkcs14096Sha512, PkixAlgorithm.RsaSignPkcs14096Sha512)]
    public async Task Verify_SignedByKms_AcceptsTheStoredPayload(KmsAlgorithm algorithm, PkixAlgorithm pkix)
    {
        var hash = $"{algorithm}"[^6..].ToLowerInvariant();
        var key = await Project.CreateKeyAsync(algorithm);
        var signature = await Project.SignAsync(new AsymmetricSignRequest { Digest = DigestOf(hash) });
        var stored = await AttestAsync(key.Pem, pkix, signature);

        string[] options = ["dgst", $"-{hash}", "-verify", "key.pem", "-signature", "payload.sig", .. $"{algorithm}".Contains("Pss", StringComparison.Ordinal) ? Pss : []];
        var verified = await OpensslAsync([.. options, "payload"]);

        Assert.Equal("Verified OK", verified.Output.Trim());
        Assert.Equal(ValidateAttestationOccurrenceResponse.Types.Result.Verified, (await Project.ValidateAsync(stored)).Result);
    }

    [Fact]
    public async Task Verify_MlDsaSignedByKms_AcceptsTheStoredPayloadOrKmsSaysWhatIsMissing()
    {
        var known = await OpensslAsync(["list", "-signature-algorithms"]);
        if (MLDsa.IsSupported && known.Output.Contains("ML-DSA-65", StringComparison.OrdinalIgnoreCase))
        {
            await VerifyMlDsaAsync();
            return;
        }

        var refused = await Assert.ThrowsAsync<RpcException>(() => Project.CreateKeyAsync(KmsAlgorithm.PqSignMlDsa65));
        Assert.Contains("OpenSSL 3.5", refused.Status.Detail, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine($"No ML-DSA-65 on this machine: {refused.Status.Detail}");
    }

    /// <summary>Cloud KMS has no key on P-521: openssl signs, Binary Authorization verifies.</summary>
    [Fact]
    public async Task Sign_P521ByOpenssl_IsAcceptedByBinaryAuthorization()
    {
        await File.WriteAllBytesAsync(Local("payload"), Payload, Stop);
        await OpensslAsync(["ecparam", "-name", "secp521r1", "-genkey", "-noout", "-out", "private.pem"]);
        await OpensslAsync(["ec", "-in", "private.pem", "-pubout", "-out", "public.pem"]);
        await OpensslAsync(["dgst", "-sha512", "-sign", "private.pem", "-out", "openssl.sig", "payload"]);

        var stored = await AttestAsync(await File.ReadAllTextAsync(Local("public.pem"), Stop), PkixAlgorithm.EcdsaP521Sha512, await File.ReadAllBytesAsync(Local("openssl.sig"), Stop));

        Assert.Equal(ValidateAttestationOccurrenceResponse.Types.Result.Verified, (await Project.ValidateAsync(stored)).Result);
    }

    private async Task VerifyMlDsaAsync()
    {
        var key = await Project.CreateKeyAsync(KmsAlgorithm.PqSignMlDsa65);
        var signature = await Project.SignAsync(new AsymmetricSignRequest { Data = ByteString.CopyFrom(Payload) });
        var stored = await AttestAsync(key.Pem, PkixAlgorithm.MlDsa65, signature);

        var verified = await OpensslAsync(["pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "payload", "-sigfile", "payload.sig"]);

        Assert.Contains("Signature Verified Successfully", verified.Output, StringComparison.Ordinal);
        Assert.Equal(ValidateAttestationOccurrenceResponse.Types.Result.Verified, (await Project.ValidateAsync(stored)).Result);
    }

    private static Google.Cloud.Kms.V1.Digest DigestOf(string hash) => hash switch
    {
        "sha256" => new() { Sha256 = ByteString.CopyFrom(SHA256.HashData(Payload)) },
        "sha384" => new() { Sha384 = ByteString.CopyFrom(SHA384.HashData(Payload)) },
        _ => new() { Sha512 = ByteString.CopyFrom(SHA512.HashData(Payload)) },
    };

    /// <summary>Stores an attestation and writes what was stored where openssl finds it.</summary>
    private async Task<Occurrence> AttestAsync(string pem, PkixAlgorithm algorithm, byte[] signature)
    {
        var keyId = $"//cloudkms.googleapis.com/v1/{Project.KeyVersion}";
        await Project.CreateAttestorAsync(keyId, pem, algorithm);
        var stored = await Project.AttestAsync(Image, Payload, keyId, signature);
        await File.WriteAllTextAsync(Local("key.pem"), pem, Stop);
        await File.WriteAllBytesAsync(Local("payload"), stored.Attestation.SerializedPayload.ToByteArray(), Stop);
        await File.WriteAllBytesAsync(Local("payload.sig"), stored.Attestation.Signatures[0].Signature_.ToByteArray(), Stop);
        return stored;
    }

    private string Local(string name) => Path.Combine(folder.FullName, name);

    private async Task<ExternalProcess.Ended> OpensslAsync(IReadOnlyList<string> arguments)
    {
        var ended = await new ExternalProcess { Program = openssl, Arguments = arguments, WorkingDirectory = folder.FullName }.RunAsync(Stop);
        Assert.True(ended.ExitCode == 0, $"openssl {string.Join(' ', arguments)}\n{ended}");
        return ended;
    }
}
