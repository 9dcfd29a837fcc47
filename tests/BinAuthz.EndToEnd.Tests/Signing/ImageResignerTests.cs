using BinAuthz.Attestations;
using BinAuthz.EndToEnd.Tests.Alerting;
using BinAuthz.EndToEnd.Tests.Cli;
using BinAuthz.GoogleCloud;
using BinAuthz.Signing;
using Grpc.Core;

namespace BinAuthz.EndToEnd.Tests.Signing;

public sealed class ImageResignerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ResignAsync_FourRotations_EveryImageStaysAdmittedByTheNewest(bool refuseDuplicates)
    {
        await using var world = await ResignWorld.StartAsync(refuseDuplicates);
        var images = await world.AttestedAsync(3);
        var old = world.World.Key.Version(1);
        for (var rotation = 1; rotation <= 4; rotation++)
        {
            var version = await world.RotateAsync();

            var outcomes = await world.ResignAsync(version, images);

            Assert.All(outcomes, outcome => Assert.Equal(old.ToString(), Assert.IsType<SigningOutcome.Resigned>(outcome).From.KeyVersion));
            await world.DistrustAsync(old);
            await world.AssertResignedAsync(version, images);
            old = version;
        }

        Assert.All(await world.World.AttestationsAsync(images[0].Digest), attestation => Assert.Single(attestation.Signatures));
    }

    [Fact]
    public async Task ResignAsync_UsualFormTaken_StoresUnderTheOther()
    {
        await using var world = await ResignWorld.StartAsync();
        var version = await world.RotateAsync();
        var images = await world.AttestedAsync(2);

        await world.ResignAsync(version, images);

        Assert.Equal(images[0].ToString(), (await world.AttestationByAsync(images[0], version)).ResourceUri);
        Assert.Equal(1, world.World.Emulator.Requests.Count("BatchCreateOccurrences"));
    }

    [Fact]
    public async Task ResignAsync_OtherFormTaken_StoresUnderTheUsual()
    {
        await using var world = await ResignWorld.StartAsync();
        var version = await world.RotateAsync();
        var image = ResignWorld.NewImage();
        await world.AttestAsync(image, image.ToString(), 1);

        await world.ResignAsync(version, image);

        Assert.Equal(image.ResourceUri, (await world.AttestationByAsync(image, version)).ResourceUri);
    }

    [Fact]
    public async Task ResignAsync_AttestedUnderAnotherName_CountsForTheDigest()
    {
        await using var world = await ResignWorld.StartAsync();
        var version = await world.RotateAsync();
        var image = ResignWorld.NewImage();
        await world.AttestAsync(image, $"https://us-docker.pkg.dev/acme-prod/copies/server@{image.Digest}", 1);

        Assert.IsType<SigningOutcome.Resigned>(Assert.Single(await world.ResignAsync(version, image)));

        await world.AssertResignedAsync(version, image);
    }

    [Fact]
    public async Task ResignAsync_BothFormsTakenByWhatCounts_AddsASignature()
    {
        await using var world = await ResignWorld.StartAsync();
        var (image, second) = (ResignWorld.NewImage(), await world.RotateAsync());
        var first = await world.AttestAsync(image, image.ResourceUri, 1);
        await world.AttestAsync(image, image.ToString(), 2);
        var third = await world.RotateAsync();

        Assert.IsType<SigningOutcome.Resigned>(Assert.Single(await world.ResignAsync(third, image)));

        var signed = await world.AttestationByAsync(image, third);
        Assert.Equal((first, 2), (signed.Name, signed.Signatures.Count));
        await world.DistrustAsync(world.World.Key.Version(1));
        await world.DistrustAsync(second);
        await world.AssertResignedAsync(third, image);
        Assert.IsType<SigningOutcome.AlreadySigned>(Assert.Single(await world.ResignAsync(third, image)));
    }

    [Fact]
    public async Task ResignAsync_UpdatesAreRefused_NamesBothAndTheRemedy()
    {
        await using var world = await ResignWorld.StartAsync();
        world.World.Emulator.Switches.RefuseAttestationUpdates = true;
        await world.RotateAsync();
        var (image, other) = (ResignWorld.NewImage(), Assert.Single(await world.AttestedAsync(1)));
        var first = await world.AttestAsync(image, image.ResourceUri, 1);
        var second = await world.AttestAsync(image, image.ToString(), 2);
        var third = await world.RotateAsync();

        var error = await Assert.ThrowsAsync<SigningException>(() => world.ResignAsync(third, image, other));

        Assert.Contains($"Delete {first}: {second} keeps the image admitted", error.Message, StringComparison.Ordinal);
        await world.AssertResignedAsync(third, other);
        await world.World.Get<ContainerAnalysisClient>().DeleteOccurrenceAsync(first, Stop);
        await world.ResignAsync(third, image, other);
        await world.AssertResignedAsync(third, image);
    }

    [Fact]
    public async Task ResignAsync_OneFormTakenByALostKey_ReplacesThatOneAlone()
    {
        await using var world = await ResignWorld.StartAsync();
        await world.RotateAsync();
        var image = ResignWorld.NewImage();
        var dead = await world.AttestAsync(image, image.ResourceUri, 1);
        var valid = await world.AttestAsync(image, image.ToString(), 2);
        await world.DistrustAsync(world.World.Key.Version(1));
        var third = await world.RotateAsync();

        await world.ResignAsync(third, image);

        Assert.Equal(image.ResourceUri, (await world.AttestationByAsync(image, third)).ResourceUri);
        var names = (await world.World.AttestationsAsync(image.Digest)).Select(attestation => attestation.Name).ToArray();
        Assert.Contains(valid, names);
        Assert.DoesNotContain(dead, names);
    }

    [Fact]
    public async Task ResignAsync_ServiceRefusesWhatIsNotListed_GoesOnOneByOne()
    {
        await using var world = await ResignWorld.StartAsync();
        var version = await world.RotateAsync();
        var images = await world.AttestedAsync(3);
        world.World.Emulator.Faults.FailNext("BatchCreateOccurrences", StatusCode.AlreadyExists);
        world.World.Emulator.Faults.FailNext("CreateOccurrence", StatusCode.AlreadyExists);

        await world.ResignAsync(version, images);

        await world.AssertResignedAsync(version, images);
        Assert.Equal(2 * images.Length, world.World.Emulator.Requests.Count("AsymmetricSign") - images.Length);
    }

    [Fact]
    public async Task ResignAsync_ImageWithoutAttestation_IsNeverSigned()
    {
        await using var world = await ResignWorld.StartAsync();
        var version = await world.RotateAsync();
        var attested = Assert.Single(await world.AttestedAsync(1));
        var forged = await world.World.PushBuiltAsync();

        var outcomes = await world.ResignAsync(version, forged, attested);

        Assert.Equal(["not_attested", "resigned"], outcomes.Select(outcome => outcome.Code));
        Assert.Empty(await world.World.AttestationsAsync(forged.Digest));
    }

    [Fact]
    public async Task ResignAsync_AttestationByAKeyThatLostTrust_IsWorthNothing()
    {
        await using var world = await ResignWorld.StartAsync();
        var images = await world.AttestedAsync(2);
        var version = await world.RotateAsync();
        await world.DistrustAsync(world.World.Key.Version(1));
        world.World.Emulator.Requests.Clear();

        Assert.All(await world.ResignAsync(version, images), outcome => Assert.IsType<SigningOutcome.NotAttested>(outcome));

        Assert.Equal(0, world.World.Emulator.Requests.Count("AsymmetricSign"));
    }

    [Fact]
    public async Task ResignAsync_TrustLostWhileItSigns_StoresNothing()
    {
        await using var world = await ResignWorld.StartAsync();
        var images = await world.AttestedAsync(2);
        var version = await world.RotateAsync();
        var resigner = world.NewInstance(new CallHook("AsymmetricSign", () => world.DistrustAsync(world.World.Key.Version(1))));

        Assert.All(await world.ResignAsync(resigner, version, images), outcome => Assert.IsType<SigningOutcome.NotAttested>(outcome));

        Assert.Equal(0, world.World.Emulator.Requests.Count("BatchCreateOccurrences"));
    }

    [Fact]
    public async Task ResignAsync_KeyThatLostTrust_SignsNothing()
    {
        await using var world = await ResignWorld.StartAsync();
        var image = Assert.Single(await world.AttestedAsync(1));
        var version = await world.RotateAsync();
        await world.DistrustAsync(version);
        world.World.Emulator.Requests.Clear();

        var outcome = Assert.IsType<SigningOutcome.NotResigned>(Assert.Single(await world.ResignAsync(version, image)));

        Assert.Contains("does not trust", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(0, world.World.Emulator.Requests.Count("AsymmetricSign"));
    }

    [Fact]
    public async Task ResignAsync_NewerVersionSignsSince_SignsWithThat()
    {
        await using var world = await ResignWorld.StartAsync();
        var image = Assert.Single(await world.AttestedAsync(1));
        var (asked, newer) = (await world.RotateAsync(), await world.RotateAsync());

        await world.ResignAsync(asked, image);

        await world.AssertResignedAsync(newer, image);
    }

    [Fact]
    public async Task ResignAsync_WithinThePropagationWindow_IsTooEarly()
    {
        await using var world = await ResignWorld.StartAsync();
        var image = Assert.Single(await world.AttestedAsync(1));
        var version = await world.RotateAsync(ago: TimeSpan.FromSeconds(-30));

        await Assert.ThrowsAsync<NotYetException>(() => world.ResignAsync(version, image));

        Assert.Single(await world.World.AttestationsAsync(image.Digest));
    }

    [Fact]
    public async Task ResignAsync_DryRun_SignsNothing()
    {
        await using var world = await ResignWorld.StartAsync(policy: SigningWorld.Policy.Replace("rules:", "mode: dryRun\nrules:", StringComparison.Ordinal));
        var image = Assert.Single(await world.AttestedAsync(1));
        var version = await world.RotateAsync();

        Assert.IsType<SigningOutcome.NotResigned>(Assert.Single(await world.ResignAsync(version, image)));

        Assert.Single(await world.World.AttestationsAsync(image.Digest));
    }

    [Fact]
    public async Task ResignAsync_AttestorOfNobody_IsIgnored()
    {
        await using var world = await ResignWorld.StartAsync();
        var request = new ResignRequest(AttestorName.Parse("projects/acme-prod/attestors/other"), world.World.Key.Version(1), [ResignWorld.NewImage()]);

        Assert.Empty(await world.World.Get<ImageResigner>().ResignAsync(request, null, Stop));
    }

    [Fact]
    public async Task ResignAsync_DeliveredAgain_SignsNothingTwice()
    {
        await using var world = await ResignWorld.StartAsync();
        var images = await world.AttestedAsync(3);
        var version = await world.RotateAsync();
        await world.ResignAsync(version, images);
        world.World.Emulator.Requests.Clear();

        Assert.All(await world.ResignAsync(version, images), outcome => Assert.IsType<SigningOutcome.AlreadySigned>(outcome));

        Assert.Equal(0, world.World.Emulator.Requests.Count("AsymmetricSign"));
        Assert.Equal(0, world.World.Emulator.Requests.Count("CreateOccurrences"));
    }

    [Fact]
    public async Task ResignAsync_SeveralAtOnce_LeaveOneNewAttestationEach()
    {
        await using var world = await ResignWorld.StartAsync();
        var images = await world.AttestedAsync(5);
        var version = await world.RotateAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.ResignAsync(version, images)));

        await world.AssertResignedAsync(version, images);
        await world.AssertOneRecordEachAsync(images);
    }

    [Theory]
    [InlineData("AsymmetricSign", StatusCode.ResourceExhausted)]
    [InlineData("AsymmetricSign", StatusCode.Unavailable)]
    [InlineData("BatchCreateOccurrences", StatusCode.ResourceExhausted)]
    [InlineData("ListNoteOccurrences", StatusCode.ResourceExhausted)]
    [InlineData("objects.insert", StatusCode.Unavailable)]
    [InlineData("*", StatusCode.Unavailable)]
    public async Task ResignAsync_CallsFailByChance_GoesRoundUntilNothingIsMissing(string method, StatusCode code)
    {
        await using var world = await ResignWorld.StartAsync();
        var images = await world.AttestedAsync(20);
        var version = await world.RotateAsync();
        world.World.Emulator.Faults.FailShare(method, code, method == "*" ? 0.05 : 0.3, seed: 3);

        var outcomes = await EventuallyAsync(() => world.ResignAsync(version, images));
        world.World.Emulator.Faults.Clear();

        Assert.Equal(20, outcomes.Count);
        await world.AssertResignedAsync(version, images);
    }

    [Fact]
    public async Task ResignAsync_AnswerOfTheBatchIsLost_FindsWhatWasStored()
    {
        await using var world = await ResignWorld.StartAsync();
        var images = await world.AttestedAsync(3);
        var version = await world.RotateAsync();
        world.World.Emulator.Faults.FailNext("BatchCreateOccurrences", StatusCode.Unavailable, afterCommit: true);

        Assert.All(await world.ResignAsync(version, images), outcome => Assert.IsType<SigningOutcome.Resigned>(outcome));

        await world.AssertResignedAsync(version, images);
    }

    [Fact]
    public async Task ResignAsync_QuotaStaysExhausted_IsLeftForRedelivery()
    {
        await using var world = await ResignWorld.StartAsync();
        var images = await world.AttestedAsync(2);
        var version = await world.RotateAsync();
        world.World.Emulator.Faults.FailShare("AsymmetricSign", StatusCode.ResourceExhausted, 1);

        var error = await Assert.ThrowsAsync<GoogleCallException>(() => world.ResignAsync(version, images));

        Assert.True(error.IsTransient);
        world.World.Emulator.Faults.Clear();
        await world.ResignAsync(version, images);
        await world.AssertResignedAsync(version, images);
    }

    [Fact]
    public async Task ResignAsync_StoppedBeforeTheRecord_TheNextDeliveryMakesUpForIt()
    {
        await using var world = await ResignWorld.StartAsync();
        var image = Assert.Single(await world.AttestedAsync(1));
        var version = await world.RotateAsync();
        await world.AttestAsync(image, image.ToString(), 2);

        Assert.IsType<SigningOutcome.AlreadySigned>(Assert.Single(await world.ResignAsync(version, image)));

        await world.AssertResignedAsync(version, image);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ResignAsync_KilledAtAnyCall_TheNextDeliveryFinishes(bool afterIt)
    {
        await using var world = await ResignWorld.StartAsync();
        await world.RotateAsync();
        var third = await world.RotateAsync();
        for (var call = 1; ; call++)
        {
            var images = await world.AttestedAsync(2);
            await world.AttestAsync(images[1], images[1].ToString(), 2);
            using var kill = new KillSwitch(call, afterIt);
            await Record.ExceptionAsync(() => world.ResignAsync(world.NewInstance(kill), third, images));

            await world.ResignAsync(third, images);

            await world.AssertResignedAsync(third, images);
            await world.AssertOneRecordEachAsync(images);
            if (!kill.HasStruck)
            {
                Assert.True(call > 12, $"Only {call} calls were made.");
                return;
            }
        }
    }

    [Fact]
    public async Task Why_ImageThatWasSignedAnew_SaysFromWhich()
    {
        await using var world = await ResignWorld.StartAsync();
        var image = ResignWorld.NewImage();
        var old = await world.AttestAsync(image, image.ResourceUri, 1);
        await world.ResignAsync(await world.RotateAsync(), image);

        var (code, answer) = await CommandLine.RunAsync(world.World.Emulator.GrpcEndpoint.ToString(), ["why", image.ToString()]);

        Assert.Equal(0, code);
        var record = Assert.Single(answer["records"]!.AsArray())!;
        Assert.Equal("resigned", (string?)record["verdict"]);
        Assert.Equal((world.World.Key.Version(1).ToString(), old), ((string?)record["resignedFrom"]!["keyVersion"], (string?)record["resignedFrom"]!["occurrence"]));
    }

    // As Pub/Sub does.
    private static async Task<IReadOnlyList<SigningOutcome>> EventuallyAsync(Func<Task<IReadOnlyList<SigningOutcome>>> deliver)
    {
        for (var delivery = 1; ; delivery++)
        {
            try
            {
                return await deliver();
            }
            catch (GoogleCallException error) when (error.IsTransient && delivery < 5)
            {
                // The fault that this test asked for.
            }
        }
    }
}
