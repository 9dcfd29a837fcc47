using BinAuthz.Attestations;
using BinAuthz.Cli.Emulation;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Signing;
using Grpc.Core;

namespace BinAuthz.EndToEnd.Tests.Signing;

public sealed class ImageSignerTests
{
    [Fact]
    public async Task SignAsync_BuiltImage_StoresAttestationThatTheServiceAccepts()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();

        var signed = Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));

        var attestation = Assert.Single(await world.AttestationsAsync(image.Digest));
        Assert.Equal(attestation.Name, Assert.Single(signed.Stored).Occurrence);
        Assert.Equal(image.ResourceUri, attestation.ResourceUri);
        Assert.Equal(signed.Key.PublicKeyId, Assert.Single(attestation.Signatures).PublicKeyId);
        Assert.Equal(AttestationPayload.Create(image), attestation.Payload.ToArray());
        Assert.True(await world.IsAcceptedAsync(attestation));
    }

    [Fact]
    public async Task SignAsync_SameImageAgain_SignsNothing()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        await world.SignAsync(image);

        Assert.IsType<SigningOutcome.AlreadySigned>(await world.SignAsync(image));

        // The attestation and the decision's record.
        Assert.Equal(2, world.Emulator.Requests.Count("AsymmetricSign"));
        Assert.Single(await world.AttestationsAsync(image.Digest));
    }

    [Fact]
    public async Task SignAsync_ManyAtOnce_LeavesOneAttestation()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => world.SignAsync(image)));

        Assert.Single(outcomes, outcome => outcome is SigningOutcome.Signed);
        Assert.Equal(15, outcomes.Count(outcome => outcome is SigningOutcome.AlreadySigned));
        Assert.Single(await world.AttestationsAsync(image.Digest));
    }

    [Fact]
    public async Task SignAsync_WithoutProvenance_IsNotReadyUntilItComes()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushAsync();

        var waiting = Assert.IsType<SigningOutcome.NotReady>(await world.SignAsync(image));
        Assert.Empty(await world.AttestationsAsync(image.Digest));
        Assert.Contains("provenance", waiting.Detail, StringComparison.OrdinalIgnoreCase);

        await world.BuildAsync(image);
        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));
    }

    [Theory]
    [InlineData(23, "not_ready")]
    [InlineData(25, "rejected")]
    public async Task SignAsync_ProvenanceDoesNotCome_IsRejectedAfterTheDeadlineAndSignedWhenItComesAfterAll(int hours, string outcome)
    {
        await using var world = await SigningWorld.StartAsync(
            time: new ShiftedTime(TimeSpan.FromHours(hours)), policy: SigningWorld.Policy.Replace("rules:", "deadline: 24h\nrules:", StringComparison.Ordinal));
        var image = await world.PushAsync();

        var late = await world.SignAsync(image);

        Assert.Equal(outcome, late.Code);
        Assert.Equal(outcome == "rejected", late.Rules.Any(rule => rule.Code == "deadline-passed"));
        await world.BuildAsync(image);
        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));
    }

    [Fact]
    public async Task SignAsync_BuiltFromOtherSource_IsRejected()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushAsync();
        await world.BuildAsync(image, new BuildSource("https://github.com/acme/app-evil", "refs/heads/main", SigningWorld.TrustedSource.Commit));

        var rejected = Assert.IsType<SigningOutcome.Rejected>(await world.SignAsync(image));

        Assert.Contains("https://github.com/acme/app-evil", rejected.Detail, StringComparison.Ordinal);
        Assert.Equal(0, world.Emulator.Requests.Count("AsymmetricSign"));
        Assert.Empty(await world.AttestationsAsync(image.Digest));
    }

    [Theory]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app-evil/server")]
    [InlineData("us-central1-docker.pkg.dev/evil/app/server")]
    [InlineData("docker.io/acme-prod/app/server")]
    public async Task SignAsync_OtherRepository_IsRejectedWithoutAskingAnybody(string name)
    {
        await using var world = await SigningWorld.StartAsync();

        var rejected = Assert.IsType<SigningOutcome.Rejected>(await world.SignAsync(ImageReference.Parse($"{name}@sha256:{new string('a', 64)}")));

        Assert.Contains(name, rejected.Detail, StringComparison.Ordinal);
        // The refusal is published and kept.
        Assert.Equal((1, 1), (world.Emulator.Requests.Count("Publish"), world.Emulator.Requests.Count("objects.insert")));
        Assert.Equal(2, world.Emulator.Requests.Snapshot().Count);
    }

    [Fact]
    public async Task SignAsync_Index_AttestsEveryPlatformAndNotWhatBuildxAdds()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync(index: true);

        var signed = Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));

        Assert.Equal(3, signed.Stored.Count);
        Assert.Equal(image.Digest, signed.Stored[^1].Image.Digest);
        foreach (var stored in signed.Stored)
        {
            Assert.True(await world.IsAcceptedAsync(Assert.Single(await world.AttestationsAsync(stored.Image.Digest))));
        }
    }

    [Fact]
    public async Task SignAsync_IndexWithAPlatformMissing_AttestsOnlyThat()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync(index: true);
        world.Emulator.Faults.FailNext("CreateOccurrence", StatusCode.Unavailable);
        await Assert.ThrowsAsync<GoogleCallException>(() => world.SignAsync(image));

        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));

        Assert.IsType<SigningOutcome.AlreadySigned>(await world.SignAsync(image));
        Assert.Equal(3, (await world.AttestationsAsync()).Count);
    }

    [Fact]
    public async Task SignAsync_UnknownDigest_IsNotAnImage()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = ImageReference.Parse($"{SigningWorld.Repository}@sha256:{new string('a', 64)}");

        var nothing = Assert.IsType<SigningOutcome.NotAnImage>(await world.SignAsync(image));

        Assert.Contains("no such digest", nothing.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task SignAsync_EveryAlgorithm_IsAccepted(string algorithm)
    {
        await using var world = await SigningWorld.StartAsync(SignatureAlgorithm.Parse(algorithm));
        var image = await world.PushBuiltAsync();

        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));

        Assert.True(await world.IsAcceptedAsync(Assert.Single(await world.AttestationsAsync(image.Digest))));
    }

    public static TheoryData<string> Algorithms() =>
    [
        .. SignatureAlgorithm.All
            .Where(algorithm => algorithm.Kms != Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm.Unspecified)
            .Where(algorithm => algorithm.SignsDigest || System.Security.Cryptography.MLDsa.IsSupported)
            .Select(algorithm => algorithm.CliName),
    ];

    [Fact]
    public async Task SignAsync_ApiUnavailableForAMoment_Signs()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        world.Emulator.Faults.FailNext("GetDockerImage", StatusCode.Unavailable, times: 2);

        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));
    }

    [Fact]
    public async Task SignAsync_AnswerLostAfterTheAttestationWasStored_StoresNoSecond()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        world.Emulator.Faults.FailNext("CreateOccurrence", StatusCode.Unavailable, afterCommit: true);

        var error = await Assert.ThrowsAsync<GoogleCallException>(() => world.SignAsync(image));
        Assert.True(error.IsTransient);

        Assert.IsType<SigningOutcome.AlreadySigned>(await world.SignAsync(image));
        Assert.Single(await world.AttestationsAsync(image.Digest));
    }

    [Fact]
    public async Task SignAsync_WithoutPermission_NamesResourceAndRemedy()
    {
        await using var world = await SigningWorld.StartAsync();
        var image = await world.PushBuiltAsync();
        world.Emulator.Faults.FailNext("AsymmetricSign", StatusCode.PermissionDenied);

        var error = await Assert.ThrowsAsync<GoogleCallException>(() => world.SignAsync(image));

        Assert.False(error.IsTransient);
        Assert.Contains(world.Key.Version(1).ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("Grant the identity", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-400)]
    [InlineData(400)]
    public async Task SignAsync_ClockFarOff_StillSignsWithTheTrustedKey(int days)
    {
        await using var world = await SigningWorld.StartAsync(time: new ShiftedTime(TimeSpan.FromDays(days)));
        var image = await world.PushBuiltAsync();

        Assert.IsType<SigningOutcome.Signed>(await world.SignAsync(image));
    }

    private sealed class ShiftedTime(TimeSpan shift) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
    }
}
