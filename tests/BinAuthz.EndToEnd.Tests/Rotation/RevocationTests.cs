using BinAuthz.GoogleCloud;
using BinAuthz.Rotation;
using BinAuthz.Setup;
using Grpc.Core;

namespace BinAuthz.EndToEnd.Tests.Rotation;

/// <summary>Revocations on the emulator: trust goes first, whatever fails, and never comes back.</summary>
public sealed class RevocationTests(RotatorEmulator google) : IClassFixture<RotatorEmulator>
{
    private static readonly string[] Changes = ["UpdateAttestor", "UpdateCryptoKeyVersion", "CreateCryptoKeyVersion"];

    [Fact]
    public async Task RevokeAsync_OnlyKey_TakesTrustFirstThenDisablesThenMakesASuccessor()
    {
        await using var world = await RecordedAsync();
        google.Host.Requests.Clear();

        var report = await world.RevokeAsync(1);

        Assert.Equal(
            ["UpdateAttestor", "UpdateCryptoKeyVersion", "CreateCryptoKeyVersion", "UpdateAttestor"],
            google.Host.Requests.Snapshot().Select(request => request.Method[(request.Method.LastIndexOf('/') + 1)..]).Where(method => Changes.Contains(method)));
        Assert.Equal("record-clear create-version trust record-trust -> nothing", RotatorWorld.Words(report));
        Assert.Equal("1 Disabled, 2 Enabled trusted", await world.StatesAsync());
        Assert.Equal("1 Trusted, 1 Revoked, 1 Cleared, 2 Trusted", await world.RecordsAsync());
    }

    [Fact]
    public async Task RevokeAsync_OneOfTwoKeys_LeavesTheOther()
    {
        await using var world = await RecordedAsync();
        await world.RunAfterAsync(TimeSpan.FromDays(90));

        await world.RevokeAsync(1);

        Assert.Equal("1 Disabled, 2 Enabled trusted", await world.StatesAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RevokeAsync_KilledAtAnyCall_NeverTrustsMoreAndIsFinishedByTheSameRequest(bool afterIt)
    {
        for (var call = 1; ; call++)
        {
            await using var world = await RecordedAsync();
            var end = new ProcessEnd(call, afterIt);
            var killed = await RotatorWorld.SurviveAsync(() => world.RevokeAsync(1, world.NewInstance(end)), end);
            Assert.InRange((await world.TrustedAsync()).Count, 0, 1);

            await world.RevokeAsync(1);

            Assert.Equal("1 Disabled, 2 Enabled trusted", await world.StatesAsync());
            if (!killed)
            {
                Assert.True(call > 20, $"only {call} calls");
                break;
            }
        }
    }

    [Fact]
    public async Task RevokeAsync_KilledAtAnyCallAfterItsRecord_IsFinishedByTheSchedule()
    {
        for (var (call, recorded) = (1, false); ; call++)
        {
            await using var world = await RecordedAsync();
            var end = new ProcessEnd(call, afterIt: true);
            var killed = await RotatorWorld.SurviveAsync(() => world.RevokeAsync(1, world.NewInstance(end)), end);
            recorded |= (await world.RecordsAsync()).Contains("1 Revoked", StringComparison.Ordinal);

            await world.RunAsync();

            Assert.Equal(recorded ? "1 Disabled, 2 Enabled trusted" : "1 Enabled trusted", await world.StatesAsync());
            if (!killed)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task RevokeAsync_BucketIsMissing_TakesTrustAllTheSameAndSaysSo()
    {
        await using var world = await RecordedAsync();
        var instance = world.NewInstance(change: options => options.EvidenceBucket = "no-such-bucket");

        var error = await Assert.ThrowsAsync<GoogleCallException>(() => world.RevokeAsync(1, instance));

        Assert.Contains("gs://no-such-bucket/", error.Message, StringComparison.Ordinal);
        Assert.Equal("1 Disabled", await world.StatesAsync());
    }

    [Fact]
    public async Task RevokeAsync_BucketDoesNotAnswer_TakesTrustBeforeItDoes()
    {
        await using var world = await RecordedAsync();
        using var silence = new SilentHandler();
        var instance = world.NewInstance(storage: silence);
        google.Clock.Hurries = true;

        var revoking = world.RevokeAsync(1, instance);

        Assert.True(await Eventually.HoldsAsync(async () => await world.StatesAsync() == "1 Disabled", TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken));
        Assert.False(revoking.IsCompleted);
        silence.Break();
        await Assert.ThrowsAsync<GoogleCallException>(() => revoking);
    }

    [Fact]
    public async Task RevokeAsync_TrustCannotBeTakenAway_DisablesAllTheSameAndTheNextRunTakesIt()
    {
        await using var world = await RecordedAsync();
        google.Host.Faults.FailNext("UpdateAttestor", StatusCode.PermissionDenied);

        await Assert.ThrowsAsync<GoogleCallException>(() => world.RevokeAsync(1));

        Assert.Equal("1 Disabled trusted", await world.StatesAsync());
        Assert.Equal("distrust record-clear create-version trust record-trust -> nothing", await world.RunAsync());
    }

    [Fact]
    public async Task RevokeAsync_AttestorIsChangedAFewTimes_TriesAgain()
    {
        await using var world = await RecordedAsync();
        google.Host.Faults.FailNext("UpdateAttestor", StatusCode.Aborted, times: 3);

        await world.RevokeAsync(1);

        Assert.Equal("1 Disabled, 2 Enabled trusted", await world.StatesAsync());
    }

    [Fact]
    public async Task RevokeAsync_UnknownVersion_SaysSoAndChangesNothing()
    {
        await using var world = await RecordedAsync();
        google.Host.Requests.Clear();

        var error = await Assert.ThrowsAsync<RotationException>(() => world.RevokeAsync(9));

        Assert.Contains("Nothing is known of", error.Message, StringComparison.Ordinal);
        Assert.All(Changes, method => Assert.Equal(0, google.Host.Requests.Count(method)));
    }

    [Fact]
    public async Task RevokeAsync_VersionOfAnotherKey_SaysSoAndChangesNothing()
    {
        await using var world = await RecordedAsync();
        var other = DeploymentEnvironment.Staging.Key(world.Project, "us-central1").Version(1);

        var error = await Assert.ThrowsAsync<RotationException>(() => world.Rotator.RevokeAsync(
            world.Subject, new RevocationRequest(other, google.Clock.GetUtcNow(), "a laptop was stolen", ""), TestContext.Current.CancellationToken));

        Assert.Contains($"{other} is no version of {world.Subject.Key}", error.Message, StringComparison.Ordinal);
        Assert.Equal("1 Enabled trusted", await world.StatesAsync());
    }

    [Fact]
    public async Task RevokeAsync_KeyWhoseVersionCloudKmsDoesNotHave_TakesItsTrust()
    {
        await using var world = await RecordedAsync();
        await world.AddByHandAsync(world.Subject.Key.Version(7).PublicKeyId);

        await world.RevokeAsync(7);

        Assert.Equal("1 Enabled trusted", await world.StatesAsync());
        Assert.Single(await world.TrustedAsync());
    }

    [Fact]
    public async Task RunAsync_RevokedKeyIsPutBackByHand_TakesItsTrustAgain()
    {
        await using var world = await RecordedAsync();
        await world.RevokeAsync(1);
        await world.AddByHandAsync(world.Subject.Key.Version(1).PublicKeyId);

        Assert.Equal("distrust -> nothing", await world.RunAsync());
        Assert.Equal("1 Disabled, 2 Enabled trusted", await world.StatesAsync());
    }

    private async Task<RotatorWorld> RecordedAsync()
    {
        var world = await RotatorWorld.StartAsync(google);
        await world.RunAsync();
        return world;
    }
}
