using System.Security.Cryptography;
using BinAuthz.Cli;
using BinAuthz.EndToEnd.Tests.Gcloud;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Signing;
using CommandLine = BinAuthz.EndToEnd.Tests.Cli.CommandLine;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>gcloud and openssl judge what the signer makes, and the tool judges what gcloud makes.</summary>
public sealed class IndependentJudgeTests
{
    [Theory]
    [InlineData(GcloudMode.Override)]
    [InlineData(GcloudMode.Proxy)]
    public async Task Verify_AttestationMadeByGcloud_IsValidForTheTool(GcloudMode mode)
    {
        ExternalTool.Require("gcloud");
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushAsync();
        var version = $"--keyversion={world.Key.Version(1)}";
        if (mode == GcloudMode.Override)
        {
            await GcloudAsync(world, mode, $"container binauthz attestors public-keys add --attestor={world.Attestor} {version}");
        }

        await GcloudAsync(world, mode, $"beta container binauthz attestations sign-and-create --artifact-url={image} --attestor={world.Attestor} {version}");

        var (code, verified) = await CommandLine.RunAsync(world.Emulator.RestEndpoint.ToString(), "verify", image.ToString());
        Assert.Equal((ExitCode.Ok, "valid"), (code, (string)verified["verdict"]!));
        Assert.IsType<SigningOutcome.AlreadySigned>(await world.SignAsync(image));
    }

    [Fact]
    public async Task AttestationsList_AttestationMadeByTheSigner_IsShownByGcloud()
    {
        ExternalTool.Require("gcloud");
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        await world.SignAsync(image);

        var listed = await GcloudAsync(world, GcloudMode.Proxy, $"container binauthz attestations list --artifact-url={image} --attestor={world.Attestor} --format=value(resourceUri,attestation.signatures[0].publicKeyId)");

        Assert.Equal($"{image.ResourceUri}\t{world.Key.Version(1).PublicKeyId}", listed.Trim());
    }

    [Theory]
    [MemberData(nameof(DigestAlgorithms))]
    public async Task OpensslVerify_SignatureMadeByTheSigner_IsGoodOverTheStoredPayload(string algorithm)
    {
        var openssl = ExternalTool.Require("openssl");
        var chosen = SignatureAlgorithm.Parse(algorithm);
        await using var world = await SigningWorld.StartAsync(chosen);
        var image = await world.PushBuiltAsync();
        await world.SignAsync(image);
        var attestation = Assert.Single(await world.AttestationsAsync(image.Digest));
        var attestor = await world.Get<BinaryAuthorizationClient>().FindAttestorAsync(world.Attestor, TestContext.Current.CancellationToken);
        var folder = Directory.CreateTempSubdirectory("binauthz-openssl-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "key.pem"), Assert.Single(attestor!.Keys).Pem, TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "payload"), attestation.Payload.ToArray(), TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "signature"), Assert.Single(attestation.Signatures).Value.ToArray(), TestContext.Current.CancellationToken);
            string[] padding = chosen.Padding == RSASignaturePadding.Pss ? ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"] : [];

            var verified = await new ExternalProcess
            {
                Program = openssl,
                Arguments = ["dgst", $"-{chosen.Digest!.Value.Name!.ToLowerInvariant()}", "-verify", "key.pem", "-signature", "signature", .. padding, "payload"],
                WorkingDirectory = folder.FullName,
            }.RunAsync(TestContext.Current.CancellationToken);

            Assert.Equal("Verified OK", verified.Output.Trim());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static TheoryData<string> DigestAlgorithms() => [.. ImageSignerTests.Algorithms().Select(row => row.Data).Where(name => SignatureAlgorithm.Parse(name).SignsDigest)];

    private static async Task<string> GcloudAsync(SigningWorld world, GcloudMode mode, string command)
    {
        var folder = Directory.CreateTempSubdirectory("binauthz-gcloud-");
        try
        {
            var gcloud = new GcloudClient(mode, world.Emulator.RestEndpoint, SigningWorld.Project, folder.FullName);
            var ended = await gcloud.RunAsync(command.Split(' '), new Dictionary<string, string>(), "", TestContext.Current.CancellationToken);
            Assert.True(ended.ExitCode == 0, $"gcloud {command}\n{ended}");
            return ended.Output;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
