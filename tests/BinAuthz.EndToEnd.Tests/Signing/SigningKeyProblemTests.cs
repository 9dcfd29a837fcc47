using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Signing;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Authz = Google.Cloud.BinaryAuthorization.V1;
using Kms = Google.Cloud.Kms.V1;

namespace BinAuthz.EndToEnd.Tests.Signing;

public sealed class SigningKeyProblemTests
{
    [Fact]
    public async Task SignAsync_KeyVersionDisabled_WaitsForTheOperator()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        using var channel = GrpcChannel.ForAddress(world.Emulator.GrpcEndpoint);
        await DisableAsync(channel, world);

        var error = await Assert.ThrowsAsync<SigningException>(() => world.SignAsync(image));

        Assert.Contains("no version that is ENABLED", error.Message, StringComparison.Ordinal);
        Assert.Contains("Enable a version", error.Message, StringComparison.Ordinal);
        Assert.Empty(await world.AttestationsAsync(image.Digest));
    }

    [Fact]
    public async Task SignAsync_KeyVersionDisabledAfterItWasChosen_ChoosesAnewNextTime()
    {
        await using var world = await SigningWorld.StartAsync();
        world.Options.TrustLifetime = TimeSpan.FromHours(1);
        await world.SignAsync(await world.PushBuiltAsync());
        using var channel = GrpcChannel.ForAddress(world.Emulator.GrpcEndpoint);
        await DisableAsync(channel, world);
        var image = await world.PushBuiltAsync();

        var error = await Assert.ThrowsAsync<GoogleCallException>(() => world.SignAsync(image));
        Assert.Equal(StatusCode.FailedPrecondition, error.Status);

        await Assert.ThrowsAsync<SigningException>(() => world.SignAsync(image));
    }

    [Fact]
    public async Task SignAsync_KeyNotOnTheAttestor_NamesBothIds()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        using var channel = GrpcChannel.ForAddress(world.Emulator.GrpcEndpoint);
        await ChangeKeysAsync(channel, world, keys => keys[0].Id = "//cloudkms.googleapis.com/v1/somewhere/else");

        var error = await Assert.ThrowsAsync<SigningException>(() => world.SignAsync(image));

        Assert.Contains(world.Key.Version(1).PublicKeyId, error.Message, StringComparison.Ordinal);
        Assert.Contains("//cloudkms.googleapis.com/v1/somewhere/else", error.Message, StringComparison.Ordinal);
        Assert.Empty(await world.AttestationsAsync(image.Digest));
    }

    [Fact]
    public async Task SignAsync_AttestorListsAnotherPublicKeyUnderTheId_StoresNothing()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        using var other = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        using var channel = GrpcChannel.ForAddress(world.Emulator.GrpcEndpoint);
        await ChangeKeysAsync(channel, world, keys => keys[0].PkixPublicKey.PublicKeyPem = other.ExportSubjectPublicKeyInfoPem());

        var error = await Assert.ThrowsAsync<SigningException>(() => world.SignAsync(image));

        Assert.Contains("does not verify", error.Message, StringComparison.Ordinal);
        Assert.Empty(await world.AttestationsAsync(image.Digest));
    }

    [Fact]
    public async Task SignAsync_WithoutAttestor_SaysHowToMakeIt()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        using var channel = GrpcChannel.ForAddress(world.Emulator.GrpcEndpoint);
        await new Authz.BinauthzManagementServiceV1.BinauthzManagementServiceV1Client(channel).DeleteAttestorAsync(
            new Authz.DeleteAttestorRequest { Name = world.Attestor.ToString() }, cancellationToken: TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<SigningException>(() => world.SignAsync(image));

        Assert.Contains(world.Attestor.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("binauthz setup", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignAsync_AttestationOfAnUntrustedKeyInTheWay_StoresAValidOneBesideIt()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        var forged = new Attestation("", image.ResourceUri, world.Note, AttestationPayload.Create(image), [new AttestationSignature(world.Key.Version(1).PublicKeyId, new byte[70])], null);
        Assert.NotNull(await world.Get<ContainerAnalysisClient>().CreateAttestationAsync(SigningWorld.Project, forged, TestContext.Current.CancellationToken));

        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));

        var all = await world.AttestationsAsync(image.Digest);
        Assert.Equal(2, all.Count);
        Assert.True(await world.IsAcceptedAsync(all.Single(attestation => attestation.ResourceUri == image.ToString())));
        Assert.IsType<SigningOutcome.AlreadySigned>(await world.SignAsync(image));
    }

    [Fact]
    public async Task SignAsync_EveryPlaceTakenByLostKeys_TakesThePlaceOfOne()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        foreach (var uri in new[] { image.ResourceUri, image.ToString() })
        {
            var dead = new Attestation("", uri, world.Note, AttestationPayload.Create(image), [new AttestationSignature(world.Key.Version(9).PublicKeyId, new byte[70])], null);
            Assert.NotNull(await world.Get<ContainerAnalysisClient>().CreateAttestationAsync(SigningWorld.Project, dead, TestContext.Current.CancellationToken));
        }

        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));

        var all = await world.AttestationsAsync(image.Digest);
        Assert.Equal(2, all.Count);
        Assert.True(await world.IsAcceptedAsync(all.Single(attestation => attestation.ResourceUri == image.ResourceUri)));
    }

    [Fact]
    public async Task SignAsync_ChecksumOfTheSignatureIsWrong_UsesNothingOfIt()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        await world.SignAsync(image);
        var other = await world.PushBuiltAsync();
        world.Emulator.Requests.Clear();
        world.Emulator.Switches.CorruptChecksums = true;

        var error = await Assert.ThrowsAsync<CorruptedInTransitException>(() => world.SignAsync(other));

        Assert.Contains("CRC32C", error.Message, StringComparison.Ordinal);
        // Three attempts each for the attestation and the record.
        Assert.Equal(6, world.Emulator.Requests.Count("AsymmetricSign"));
        Assert.Empty(await world.AttestationsAsync(other.Digest));
    }

    private static async Task DisableAsync(GrpcChannel channel, SigningWorld world) =>
        await new Kms.KeyManagementService.KeyManagementServiceClient(channel).UpdateCryptoKeyVersionAsync(
            new Kms.UpdateCryptoKeyVersionRequest
            {
                CryptoKeyVersion = new Kms.CryptoKeyVersion { Name = world.Key.Version(1).ToString(), State = Kms.CryptoKeyVersion.Types.CryptoKeyVersionState.Disabled },
                UpdateMask = new FieldMask { Paths = { "state" } },
            },
            cancellationToken: TestContext.Current.CancellationToken);

    private static async Task ChangeKeysAsync(GrpcChannel channel, SigningWorld world, Action<Google.Protobuf.Collections.RepeatedField<Authz.AttestorPublicKey>> change)
    {
        var client = new Authz.BinauthzManagementServiceV1.BinauthzManagementServiceV1Client(channel);
        var attestor = await client.GetAttestorAsync(new Authz.GetAttestorRequest { Name = world.Attestor.ToString() }, cancellationToken: TestContext.Current.CancellationToken);
        change(attestor.UserOwnedGrafeasNote.PublicKeys);
        foreach (var key in attestor.UserOwnedGrafeasNote.PublicKeys)
        {
            key.PkixPublicKey.KeyId = key.Id;
        }

        await client.UpdateAttestorAsync(new Authz.UpdateAttestorRequest { Attestor = attestor }, cancellationToken: TestContext.Current.CancellationToken);
    }
}
