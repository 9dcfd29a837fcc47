using System.Net;
using System.Security.Cryptography;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Signing;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>Production signs what staging has attested, with another attestor, note and key in another project.</summary>
public sealed class PromotionTests
{
    private const string Policy = """
        environment: production
        attestor: projects/acme-prod/attestors/production-attestor
        rules:
          repositories: [us-central1-docker.pkg.dev/acme-prod/app/**]
          provenance: none
          requiredAttestations: [projects/acme-staging/attestors/staging-attestor]
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SignAsync_Promoted_WaitsForStagingAndThenSigns(bool index)
    {
        await using var world = await SigningWorld.StartAsync(policy: Policy);
        await using var staging = await StagingWorld.StartAsync(world);
        var image = await world.PushAsync(index: index);

        var waiting = Assert.IsType<SigningOutcome.NotReady>(await world.SignAsync(image));
        Assert.Contains("[attestation-missing]", waiting.Detail, StringComparison.Ordinal);
        Assert.Contains(StagingWorld.Attestor.ToString(), waiting.Detail, StringComparison.Ordinal);

        await PromoteAsync(staging, image);

        var signed = Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));
        Assert.Equal(await NameOfStagingsAsync(world, image), Assert.Single(signed.Rules.SelectMany(rule => rule.Evidence)).Name);
        Assert.True(await world.IsAcceptedAsync(Assert.Single(await world.AttestationsAsync(image.Digest))));
    }

    [Fact]
    public async Task SignAsync_StagingAttestationByAForeignKey_DoesNotCount()
    {
        await using var world = await SigningWorld.StartAsync(policy: Policy);
        await using var staging = await StagingWorld.StartAsync(world);
        var image = await world.PushAsync();
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var payload = AttestationPayload.Create(image);
        var signature = new AttestationSignature(StagingWorld.Key.PublicKeyId, foreign.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        await StoreAsync(world, new Attestation("", image.ResourceUri, StagingWorld.Note, payload, [signature], null));

        await AssertNotValidAsync(world, image, "does not verify");

        await PromoteAsync(staging, image);
        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));
    }

    [Fact]
    public async Task SignAsync_StagingAttestationCopiedFromAnotherDigest_DoesNotCount()
    {
        await using var world = await SigningWorld.StartAsync(policy: Policy);
        await using var staging = await StagingWorld.StartAsync(world);
        var (approved, other) = (await world.PushAsync(), await world.PushAsync());
        await PromoteAsync(staging, approved);
        var genuine = Assert.Single(await StagingsAsync(world, approved));
        await StoreAsync(world, genuine with { ResourceUri = other.ResourceUri });

        await AssertNotValidAsync(world, other, "the signed payload is about");

        await PromoteAsync(staging, other);
        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(other));
    }

    [Fact]
    public async Task SignAsync_NoSuchAttestor_IsRejected()
    {
        await using var world = await SigningWorld.StartAsync(policy: Policy);
        StagingWorld.GrantProduction(world.Emulator);

        var rejected = Assert.IsType<SigningOutcome.Rejected>(await world.SignAsync(await world.PushAsync()));

        Assert.Contains("[attestor-missing] There is no attestor projects/acme-staging/attestors/staging-attestor", rejected.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HandleAsync_StagingAttested_WakesProductionAndItsOwnAttestationDoesNot()
    {
        await using var function = await FunctionWorld.StartAsync(Policy);
        await using var staging = await StagingWorld.StartAsync(function.World);
        var image = await function.World.PushAsync();
        await PromoteAsync(staging, image);

        Assert.Equal(HttpStatusCode.OK, await function.PostAsync(Notification(await NameOfStagingsAsync(function.World, image))));

        var own = Assert.Single(await function.World.AttestationsAsync(image.Digest));
        function.World.Emulator.Requests.Clear();
        Assert.Equal(HttpStatusCode.OK, await function.PostAsync(Notification(own.Name)));
        Assert.Equal((1, 0), (function.World.Emulator.Requests.Count("GetOccurrence"), function.World.Emulator.Requests.Count("GetDockerImage")));
    }

    [Fact]
    public async Task HandleAsync_EvidenceThatNoRuleAwaits_IsNotLookedAt()
    {
        await using var function = await FunctionWorld.StartAsync(Policy);

        Assert.Equal(HttpStatusCode.OK, await function.PostAsync("""{"name":"projects/acme-prod/occurrences/scan","kind":"DISCOVERY"}"""));

        Assert.Equal(0, function.World.Emulator.Requests.Count("GetOccurrence"));
    }

    private static string Notification(string occurrence) => $$"""{"name":"{{occurrence}}","kind":"ATTESTATION","notificationTime":"2026-10-01T08:16:40Z"}""";

    private static async Task AssertNotValidAsync(SigningWorld world, ImageReference image, string reason)
    {
        var waiting = Assert.IsType<SigningOutcome.NotReady>(await world.SignAsync(image));
        Assert.Contains("[attestation-not-valid]", waiting.Detail, StringComparison.Ordinal);
        Assert.Contains(reason, waiting.Detail, StringComparison.Ordinal);
        Assert.Empty(await world.AttestationsAsync(image.Digest));
    }

    private static async Task PromoteAsync(StagingWorld staging, ImageReference image) =>
        Assert.IsType<SigningOutcome.Signed>(Assert.Single(await staging.Signer.SignAsync(image, TestContext.Current.CancellationToken)));

    private static async Task StoreAsync(SigningWorld world, Attestation attestation) =>
        Assert.NotNull(await world.Get<ContainerAnalysisClient>().CreateAttestationAsync(StagingWorld.Project, attestation, TestContext.Current.CancellationToken));

    private static async Task<string> NameOfStagingsAsync(SigningWorld world, ImageReference image) => Assert.Single(await StagingsAsync(world, image)).Name;

    private static Task<IReadOnlyList<Attestation>> StagingsAsync(SigningWorld world, ImageReference image) =>
        world.Get<ContainerAnalysisClient>().ListAttestationsAsync(StagingWorld.Note, [image.Digest], TestContext.Current.CancellationToken);
}
