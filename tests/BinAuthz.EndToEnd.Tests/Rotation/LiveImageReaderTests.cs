using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using BinAuthz.Rotation;
using Grpc.Core;

namespace BinAuthz.EndToEnd.Tests.Rotation;

/// <summary>What may still be deployed in a project on an emulator. The tests share the project, and look at images of their own.</summary>
public sealed class LiveImageReaderTests(LiveImageWorld live) : IClassFixture<LiveImageWorld>
{
    private static readonly DateTimeOffset Never = DateTimeOffset.MinValue;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Read_AttestedByTwoKeysAndInTheRegistry_IsLiveOnceWithBoth()
    {
        var image = await live.World.PushAsync();
        await live.AttestAsync(image);
        await live.AttestBySecondAsync(image);
        await live.AttestByForeignAsync(image);

        var read = await live.ReadAsync();

        var found = Assert.Single(read.Attested, each => each.Image.Digest == image.Digest);
        Assert.Equal((image, false), (found.Image, found.IsRunning));
        Assert.Equal([live.First.PublicKeyId, LiveImageWorld.SecondKey], found.KeyIds.Order(StringComparer.Ordinal));
        Assert.Empty(read.Affected);
        Assert.Empty(read.Warnings);
    }

    [Fact]
    public async Task Read_GoneFromTheRegistry_IsLiveOnlyIfItRuns()
    {
        var (there, gone, running) = (await live.World.PushAsync(), LiveImageWorld.NewImage(), LiveImageWorld.NewImage());
        await live.AttestAsync(there, gone, running);
        await live.RunAsync(running);

        var read = await live.ReadAsync();

        Assert.Equal([false], Running(read, there));
        Assert.Empty(Running(read, gone));
        Assert.Equal([true], Running(read, running));
    }

    [Fact]
    public async Task Read_OlderThanTheLimit_IsLiveOnlyIfItRuns()
    {
        var (old, running) = (await live.World.PushAsync(), await live.World.PushAsync());
        await live.AttestAsync(old, running);
        await live.RunAsync(running);

        var young = await live.ReadAsync(configure: LimitOfADay);
        var aged = await live.ReadAsync(configure: LimitOfADay, later: TimeSpan.FromDays(2));

        Assert.Equal([false], Running(young, old));
        Assert.Empty(Running(aged, old));
        Assert.Equal([true], Running(aged, running));
    }

    [Fact]
    public async Task Read_ForeignKeyOrGarbagePayload_IsNotLive()
    {
        var (foreign, garbage) = (await live.World.PushAsync(), await live.World.PushAsync());
        await live.AttestByForeignAsync(foreign);
        await live.AttestBySecondAsync(garbage, [1, 2, 3]);

        var read = await live.ReadAsync();

        Assert.Empty(Running(read, foreign));
        Assert.Empty(Running(read, garbage));
    }

    [Fact]
    public async Task Read_PlatformsOfAnIndexAndForeignRegistries_AreLive()
    {
        var index = await live.World.PushAsync(index: true);
        Assert.True(RepositoryPath.TryParse(index.Name, out var repository));
        var registered = await live.World.Get<ArtifactRegistryClient>().FindAsync(repository, index.Digest, TestContext.Current.CancellationToken);
        var (platform, foreign) = (index.WithDigest(registered!.RunnablePlatforms[0]), LiveImageWorld.NewImage("ghcr.io/acme/server"));
        await live.AttestAsync(index, platform, foreign);

        var read = await live.ReadAsync();

        Assert.Single(Running(read, index));
        Assert.Single(Running(read, platform));
        Assert.Single(Running(read, foreign));
    }

    [Theory]
    [InlineData("ListAssets", StatusCode.PermissionDenied, "What runs in acme-prod could not be read")]
    [InlineData("ListAssets", StatusCode.NotFound, "What runs in acme-prod could not be read")]
    [InlineData("ListDockerImages", StatusCode.PermissionDenied, "What is in projects/acme-prod/locations/us-central1/repositories/app could not be read")]
    [InlineData("ListDockerImages", StatusCode.NotFound, "What is in projects/acme-prod/locations/us-central1/repositories/app could not be read")]
    public async Task Read_WhatIsNeededMayNotBeRead_LeavesNothingOutAndSaysWhy(string method, StatusCode code, string why)
    {
        var gone = LiveImageWorld.NewImage();
        await live.AttestAsync(gone);
        live.World.Emulator.Faults.FailNext(method, code);

        var read = await live.ReadAsync();

        live.World.Emulator.Faults.Clear();
        Assert.Single(Running(read, gone));
        Assert.StartsWith(why, Assert.Single(read.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_RunningIsNotToBeRead_LeavesNothingOut()
    {
        var gone = LiveImageWorld.NewImage();
        await live.AttestAsync(gone);

        var read = await live.ReadAsync(configure: rotation => rotation.ReadRunning = false);

        Assert.Single(Running(read, gone));
        Assert.Contains("ReadRunning is off", Assert.Single(read.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ListAssets")]
    [InlineData("ListDockerImages")]
    [InlineData("ListNoteOccurrences")]
    public async Task Read_AServiceDoesNotAnswer_IsForTheNextRun(string method)
    {
        await live.AttestAsync(LiveImageWorld.NewImage());
        live.World.Emulator.Faults.FailNext(method, StatusCode.ResourceExhausted, times: 5);

        var error = await Assert.ThrowsAsync<GoogleCallException>(() => live.ReadAsync());

        live.World.Emulator.Faults.Clear();
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task Read_VersionRevoked_TellsWhatLostItsLastAttestation()
    {
        var (there, again, gone, running) = (await live.World.PushAsync(), await live.World.PushAsync(), LiveImageWorld.NewImage(), LiveImageWorld.NewImage());
        await live.AttestAsync(there, again, gone, running);
        await live.AttestBySecondAsync(again);
        await live.RunAsync(running);

        var read = await live.ReadAsync(live.WithoutFirst, [await live.RevocationAsync(since: Now.AddMinutes(1))]);

        Assert.Equal((live.First, true, false, false, true), Facts(Affected(read, there)));
        Assert.Equal((live.First, true, false, true, true), Facts(Affected(read, running)));
        Assert.DoesNotContain(read.Affected, each => each.Image.Digest == gone.Digest || each.Image.Digest == again.Digest);
        Assert.Equal([LiveImageWorld.SecondKey], Assert.Single(read.Attested, each => each.Image.Digest == again.Digest).KeyIds);
        Assert.Empty(Running(read, there));
    }

    [Fact]
    public async Task Read_VersionRevokedAndAttestedAfterTheCompromise_IsNotRecoverable()
    {
        var image = await live.World.PushAsync();
        var before = Now;
        await live.AttestAsync(image);

        var affected = Affected(await live.ReadAsync(live.WithoutFirst, [await live.RevocationAsync(since: before.AddSeconds(-1))]), image);

        Assert.Equal((live.First, false, false, false, false), Facts(affected));
        Assert.InRange(affected.Attested, before.AddSeconds(-1), Now);
    }

    [Fact]
    public async Task Read_VersionRevokedAndStillListed_AffectsNothing()
    {
        var image = await live.World.PushAsync();
        await live.AttestAsync(image);

        var read = await live.ReadAsync(records: [await live.RevocationAsync(Now)]);

        Assert.Empty(read.Affected);
        Assert.Single(Running(read, image));
    }

    [Fact]
    public async Task Read_RefusedBeforeOrAfterTheRevocation_OnlyTheLaterOneCounts()
    {
        var (before, after) = (await live.World.PushAsync(), await live.World.PushAsync());
        await live.AttestAsync(before, after);
        var revocation = await live.RevocationAsync(since: Now.AddMinutes(1));
        await live.RefuseAsync(before, revocation.At.AddMinutes(-1));
        await live.RefuseAsync(after, revocation.At.AddMinutes(1));

        var read = await live.ReadAsync(live.WithoutFirst, [revocation]);

        Assert.Equal((true, false), (Affected(read, before).IsRecoverable, Affected(read, before).WasWeighed));
        Assert.Equal((false, true), (Affected(read, after).IsRecoverable, Affected(read, after).WasWeighed));
    }

    [Fact]
    public async Task Read_KeptKeyCannotBeRead_SaysSo()
    {
        var revocation = await live.RevocationAsync(Never) with { Pem = "nonsense" };

        var read = await live.ReadAsync(live.WithoutFirst, [revocation]);

        Assert.Contains(read.Warnings, warning => warning.Contains(live.First.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_NoPodAnywhereAndManyPages_LeavesNothingOutOfThem()
    {
        await using var own = new LiveImageWorld { HasPod = false };
        await own.InitializeAsync();
        ImageReference[] images = [.. Enumerable.Range(0, 1100).Select(_ => LiveImageWorld.NewImage())];
        await Parallel.ForEachAsync(images, async (image, _) => await own.AttestBySecondAsync(image));

        var read = await own.ReadAsync();

        Assert.Equal(images.ToHashSet(), read.Attested.Select(each => each.Image).ToHashSet());
        Assert.Equal(images.Length, read.Attested.Count);
        Assert.StartsWith("There is no pod in acme-prod", Assert.Single(read.Warnings), StringComparison.Ordinal);
    }

    private static void LimitOfADay(RotationOptions rotation) => rotation.ImageAgeLimit = TimeSpan.FromDays(1);

    // Whether it runs, if it is live at all.
    private static IEnumerable<bool> Running(LiveImages read, ImageReference image) => read.Attested.Where(each => each.Image.Digest == image.Digest).Select(each => each.IsRunning);

    private static AffectedImage Affected(LiveImages read, ImageReference image) => Assert.Single(read.Affected, each => each.Image == image);

    private static (KeyVersionName Version, bool Predates, bool WasWeighed, bool IsRunning, bool IsRecoverable) Facts(AffectedImage image) =>
        (image.Version, image.PredatesCompromise, image.WasWeighed, image.IsRunning, image.IsRecoverable);
}
