using System.Text;
using BinAuthz.Emulator;
using Google.Cloud.BinaryAuthorization.V1;
using Google.Cloud.Kms.V1;

namespace BinAuthz.EndToEnd.Tests.Gcloud;

/// <summary>Attestations cross over: gcloud's are accepted by Binary Authorization, those of programs are seen by gcloud.</summary>
public sealed class GcloudAttestationTests(GcloudEmulator shared)
{
    [Theory]
    [InlineData(GcloudMode.Override)]
    [InlineData(GcloudMode.Proxy)]
    public async Task SignAndCreate_ByGcloud_IsAcceptedByBinaryAuthorization(GcloudMode mode)
    {
        ExternalTool.Require("gcloud");
        var emulator = await shared.StartedAsync();
        var id = $"crossing-{mode}".ToLowerInvariant();
        using var project = new GrpcProject(emulator, id, TestContext.Current.CancellationToken);
        var key = await project.CreateKeyAsync(CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm.EcSignP256Sha256);
        await project.CreateNoteAsync();
        await project.CreateAttestorAsync(KeyId(mode, emulator, project), key.Pem, PkixPublicKey.Types.SignatureAlgorithm.EcdsaP256Sha256);

        var image = $"us-central1-docker.pkg.dev/{id}/app/server@{TestImage.Digest}";
        await GcloudAsync(mode, emulator, id, $"beta container binauthz attestations sign-and-create --artifact-url={image} --attestor={project.Attestor} --keyversion={project.KeyVersion}");

        var attestation = Assert.Single(await project.AttestationsAsync());
        Assert.Equal(image, attestation.ResourceUri);
        Assert.Equal(ValidateAttestationOccurrenceResponse.Types.Result.Verified, (await project.ValidateAsync(attestation)).Result);

        attestation.ResourceUri = attestation.ResourceUri.Replace(TestImage.Digest, $"sha256:{new string('0', 64)}", StringComparison.Ordinal);
        var denied = await project.ValidateAsync(attestation);
        Assert.Equal(ValidateAttestationOccurrenceResponse.Types.Result.AttestationNotVerifiable, denied.Result);
        Assert.NotEmpty(denied.DenialReason);
    }

    [Theory]
    [InlineData(GcloudMode.Override)]
    [InlineData(GcloudMode.Proxy)]
    public async Task AttestationsList_CreatedThroughGrpc_IsShown(GcloudMode mode)
    {
        ExternalTool.Require("gcloud");
        var emulator = await shared.StartedAsync();
        var id = $"listing-{mode}".ToLowerInvariant();
        using var project = new GrpcProject(emulator, id, TestContext.Current.CancellationToken);
        var key = await project.CreateKeyAsync(CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm.EcSignP256Sha256);
        await project.CreateNoteAsync();
        await project.CreateAttestorAsync(KeyId(GcloudMode.Proxy, emulator, project), key.Pem, PkixPublicKey.Types.SignatureAlgorithm.EcdsaP256Sha256);
        var image = $"us-central1-docker.pkg.dev/{id}/app/server@{TestImage.Digest}";
        await project.AttestAsync($"https://{image}", Encoding.UTF8.GetBytes("payload"), KeyId(GcloudMode.Proxy, emulator, project), [1, 2, 3]);

        var listed = await GcloudAsync(mode, emulator, id, $"container binauthz attestations list --artifact-url={image} --attestor={project.Attestor} --format=value(resourceUri,attestation.signatures[0].publicKeyId)");

        Assert.Equal($"https://{image}\t{KeyId(GcloudMode.Proxy, emulator, project)}", listed.Trim());
    }

    private static string KeyId(GcloudMode mode, EmulatorHost emulator, GrpcProject project) =>
        $"//{(mode == GcloudMode.Proxy ? "cloudkms.googleapis.com" : emulator.RestEndpoint.Authority)}/v1/{project.KeyVersion}";

    private static async Task<string> GcloudAsync(GcloudMode mode, EmulatorHost emulator, string project, string command)
    {
        var folder = Directory.CreateTempSubdirectory("binauthz-gcloud-");
        try
        {
            var gcloud = new GcloudClient(mode, emulator.RestEndpoint, project, folder.FullName);
            var ended = await gcloud.RunAsync(command.Split(' '), new Dictionary<string, string>(), "", TestContext.Current.CancellationToken);
            Assert.True(ended.ExitCode == 0, $"gcloud {command}\n{ended}");
            Assert.DoesNotContain("WARNING", ended.Error, StringComparison.Ordinal);
            return ended.Output;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
