using BinAuthz.Attestations;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Signing;

namespace BinAuthz.EndToEnd.Tests.Rotation;

public sealed class ImageWithdrawerTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithdrawAsync_SignedAnew_DeletesItAndTellsIt()
    {
        await using var world = await SigningWorld.StartAsync();
        var forged = await ForgeAsync(world);
        var successor = await SucceedAsync(world, forged);
        await DistrustAsync(world);
        Assert.Contains(await world.AttestationsAsync(forged.Digest), attestation => attestation.Signatures[0].PublicKeyId == successor.PublicKeyId);

        await WithdrawAsync(world, forged);

        var left = Assert.Single(await world.AttestationsAsync(forged.Digest));
        Assert.Equal(world.Key.Version(1).PublicKeyId, left.Signatures[0].PublicKeyId);
        Assert.False(await world.IsAcceptedAsync(left));
    }

    [Fact]
    public async Task WithdrawAsync_ApprovalWasWeighed_DeletesNothing()
    {
        await using var world = await SigningWorld.StartAsync();
        var successor = await SucceedAsync(world);
        await DistrustAsync(world);
        var approved = await world.PushBuiltAsync();
        Assert.Equal(successor, Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(approved)).Key);

        await WithdrawAsync(world, approved);

        Assert.True(await world.IsAcceptedAsync(Assert.Single(await world.AttestationsAsync(approved.Digest))));
    }

    [Fact]
    public async Task WithdrawAsync_VersionIsStillTrusted_Refuses()
    {
        await using var world = await SigningWorld.StartAsync();
        var forged = await ForgeAsync(world);
        await SucceedAsync(world, forged);

        var error = await Assert.ThrowsAsync<SigningException>(() => WithdrawAsync(world, forged));

        Assert.Contains("binauthz rotate revoke", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await world.AttestationsAsync(forged.Digest)).Count);
    }

    private static Task WithdrawAsync(SigningWorld world, params ImageReference[] images) =>
        world.Get<ImageWithdrawer>().WithdrawAsync(new WithdrawRequest(world.Attestor, world.Key.Version(1), images), null, Cancellation);

    /// <summary>Attests an image that approval refuses, as one can who may sign with the first version.</summary>
    private static async Task<ImageReference> ForgeAsync(SigningWorld world)
    {
        var image = await world.PushAsync();
        var payload = AttestationPayload.Create(image);
        var signature = await world.Get<KeyManagementClient>().SignAsync(world.Key.Version(1), SignatureAlgorithm.Default, payload, Cancellation);
        var forged = new Attestation("", image.ResourceUri, world.Note, payload, [new AttestationSignature(world.Key.Version(1).PublicKeyId, signature)], null);
        await world.Get<ContainerAnalysisClient>().CreateAttestationAsync(SigningWorld.Project, forged, Cancellation);
        return image;
    }

    /// <summary>Lets the attestor trust a second version, and signs images with it.</summary>
    private static async Task<KeyVersionName> SucceedAsync(SigningWorld world, params ImageReference[] images)
    {
        var kms = world.Get<KeyManagementClient>();
        var made = (await kms.CreateVersionAsync(world.Key, SignatureAlgorithm.Default, Cancellation)).Name;
        await kms.ListVersionsAsync(world.Key, Cancellation);
        var (pem, algorithm) = await kms.GetPublicKeyAsync(made, Cancellation);
        await world.Get<BinaryAuthorizationClient>().AddKeyAsync(world.Attestor, new AttestorKey(made.PublicKeyId, pem, algorithm, TrustedSince.Comment(DateTimeOffset.UnixEpoch)), Cancellation);
        var outcomes = images.Length == 0 ? [] : await world.Get<ImageResigner>().ResignAsync(new ResignRequest(world.Attestor, made, images), null, Cancellation);
        Assert.All(outcomes, outcome => Assert.IsType<SigningOutcome.Resigned>(outcome));
        return made;
    }

    private static async Task DistrustAsync(SigningWorld world)
    {
        var client = world.Get<BinaryAuthorizationClient>();
        await client.RemoveKeyAsync((await client.FindAttestorAsync(world.Attestor, Cancellation))!, world.Key.Version(1).PublicKeyId, Cancellation);
    }
}
