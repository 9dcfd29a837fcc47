using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Rotation;
using Grpc.Core;

namespace BinAuthz.EndToEnd.Tests.Rotation;

/// <summary>Rotations on the emulator, by the product's own clients.</summary>
public sealed class KeyRotatorTests(RotatorEmulator google) : IClassFixture<RotatorEmulator>
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);
    private static readonly TimeSpan Propagation = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Overlap = TimeSpan.FromDays(7);
    private static readonly TimeSpan Disabled = TimeSpan.FromDays(30);

    [Fact]
    public async Task RunAsync_WholeLifeOfARotation_PassesThroughItsPhases()
    {
        await using var world = await RotatorWorld.StartAsync(google);

        Assert.Equal("record-trust -> nothing", await world.RunAsync());
        Assert.Equal("create-version trust record-trust -> propagate", await world.RunAfterAsync(Lifetime));
        Assert.Equal("1 Enabled trusted, 2 Enabled trusted", await world.StatesAsync());
        Assert.Equal("-> nothing", await world.RunAfterAsync(Propagation));
        Assert.Equal("distrust disable -> nothing", await world.RunAfterAsync(Overlap));
        Assert.Equal("1 Disabled, 2 Enabled trusted", await world.StatesAsync());
        Assert.Equal("schedule-destroy -> nothing", await world.RunAfterAsync(Disabled));
        Assert.Equal("1 DestroyScheduled, 2 Enabled trusted", await world.StatesAsync());
        Assert.Equal("-> nothing", await world.RunAfterAsync(TimeSpan.FromDays(30)));
        Assert.Equal("1 Destroyed, 2 Enabled trusted", await world.StatesAsync());
        Assert.Equal("1 Trusted, 2 Trusted, 1 Retired", await world.RecordsAsync());
    }

    [Fact]
    public async Task RunAsync_NewKey_SaysSinceWhenAndWhyItIsTrusted()
    {
        await using var world = await DueAsync();

        await world.RunAsync();

        var attestor = await world.AttestorAsync();
        Assert.Matches($@"^trusted since \S+Z, because {world.Subject.Key.Version(1)} is 90 days old$", attestor.UserOwnedGrafeasNote.PublicKeys[1].Comment);
    }

    [Fact]
    public async Task LookAsync_RotationIsDue_SaysSoAndChangesNothing()
    {
        await using var world = await DueAsync();

        var report = await world.Rotator.LookAsync(world.Subject, TestContext.Current.CancellationToken);

        Assert.Equal("-> create-version", RotatorWorld.Words(report));
        Assert.Equal("1 Enabled trusted", await world.StatesAsync());
    }

    [Fact]
    public async Task RenewAsync_YoungKey_BeginsARotationOnce()
    {
        await using var world = await RotatorWorld.StartAsync(google);

        var report = await world.Rotator.RenewAsync(world.Subject, TestContext.Current.CancellationToken);
        var again = await world.Rotator.RenewAsync(world.Subject, TestContext.Current.CancellationToken);

        Assert.Equal("record-trust create-version trust record-trust -> propagate", RotatorWorld.Words(report));
        Assert.Equal("-> propagate", RotatorWorld.Words(again));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_KilledAtAnyCallWhileARotationBegins_IsFinishedByTheNextRun(bool afterIt)
    {
        for (var call = 1; ; call++)
        {
            await using var world = await DueAsync();
            var end = new ProcessEnd(call, afterIt);
            var killed = await RotatorWorld.SurviveAsync(() => world.RunAsync(world.NewInstance(end)), end);

            await world.RunAsync();

            Assert.Equal("1 Enabled trusted, 2 Enabled trusted", await world.StatesAsync());
            Assert.Equal("1 Trusted, 2 Trusted", await world.RecordsAsync());
            if (!killed)
            {
                Assert.True(call > 20, $"only {call} calls");
                break;
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_KilledAtAnyCallWhileAKeyIsRetired_IsFinishedByTheNextRun(bool afterIt)
    {
        for (var call = 1; ; call++)
        {
            await using var world = await DueAsync();
            await world.RunAsync();
            google.Clock.Advance(Propagation + Overlap);
            var end = new ProcessEnd(call, afterIt);
            var killed = await RotatorWorld.SurviveAsync(() => world.RunAsync(world.NewInstance(end)), end);

            await world.RunAsync();

            Assert.Equal("1 Disabled, 2 Enabled trusted", await world.StatesAsync());
            if (!killed)
            {
                Assert.True(call > 15, $"only {call} calls");
                break;
            }
        }
    }

    [Fact]
    public async Task RunAsync_TwoAtOnce_TrustOneNewKeyAndRetireOneOldKey()
    {
        for (var round = 0; round < 5; round++)
        {
            await using var world = await DueAsync();

            await Task.WhenAll(world.RunAsync(world.NewInstance()), world.RunAsync(world.NewInstance()), world.RunAsync(world.NewInstance()));
            Assert.Equal(2, (await world.TrustedAsync()).Count);

            google.Clock.Advance(Propagation + Overlap);
            await Task.WhenAll(world.RunAsync(world.NewInstance()), world.RunAsync(world.NewInstance()), world.RunAsync(world.NewInstance()));
            Assert.NotEqual(world.Subject.Key.Version(1).PublicKeyId, Assert.Single(await world.TrustedAsync()));
            Assert.StartsWith("1 Disabled, 2 Enabled", await world.StatesAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RunAsync_AttestorIsChangedForEver_SaysSoAndMakesOneVersionOnly()
    {
        await using var world = await DueAsync();
        google.Host.Faults.FailNext("UpdateAttestor", StatusCode.Aborted, times: 1000);

        var report = await world.Rotator.RunAsync(world.Subject, TestContext.Current.CancellationToken);

        Assert.Contains("'trust' was refused 5 times", Assert.IsType<RotationStep.Blocked>(report.Next).Reason, StringComparison.Ordinal);
        Assert.Equal("1 Enabled trusted, 2 Enabled", await world.StatesAsync());
    }

    [Fact]
    public async Task RunAsync_PermissionIsLostHalfWay_ThrowsAndTheNextRunGoesOn()
    {
        await using var world = await DueAsync();
        google.Host.Faults.FailNext("UpdateAttestor", StatusCode.PermissionDenied);

        var error = await Assert.ThrowsAsync<GoogleCallException>(() => world.RunAsync());

        Assert.Contains("Grant the identity", error.Message, StringComparison.Ordinal);
        Assert.Equal("1 Enabled trusted, 2 Enabled", await world.StatesAsync());
        Assert.Equal("trust record-trust -> propagate", await world.RunAsync());
    }

    [Fact]
    public async Task RunAsync_AttestorIsFull_SaysSoAndMakesNoVersion()
    {
        await using var world = await DueAsync();
        await world.AddByHandAsync(Enumerable.Range(1, 999).Select(number => $"urn:theirs:{number}"));

        Assert.Equal("-> blocked", await world.RunAsync());
        Assert.Equal("1 Enabled trusted", await world.StatesAsync());
    }

    [Fact]
    public async Task RunAsync_AttestorWithManyForeignKeys_LeavesThemAlone()
    {
        await using var world = await DueAsync();
        await world.AddByHandAsync(Enumerable.Range(1, 998).Select(number => $"urn:theirs:{number}"));

        Assert.Equal("create-version trust record-trust -> propagate", await world.RunAsync());
        Assert.Equal(1000, (await world.TrustedAsync()).Count);
        Assert.Equal("distrust disable -> nothing", await world.RunAfterAsync(Propagation + Overlap));
        Assert.Equal(998, (await world.TrustedAsync()).Count(id => id.StartsWith("urn:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task RunAsync_GenerationTakesTime_AwaitsIt()
    {
        await using var world = await DueAsync();
        google.Clock.Hurries = true;
        google.Host.Switches.KeyGenerationTime = TimeSpan.FromSeconds(5);
        try
        {
            Assert.Matches("^create-version (await-generation )+trust record-trust -> propagate$", await world.RunAsync());
        }
        finally
        {
            google.Host.Switches.KeyGenerationTime = TimeSpan.Zero;
        }
    }

    [Fact]
    public async Task RunAsync_KmsGeneratesForLongerThanARun_LeavesItToTheNext()
    {
        await using var world = await DueAsync();
        google.Clock.Hurries = true;
        google.Host.Switches.KeyGenerationTime = TimeSpan.FromHours(1);
        try
        {
            Assert.Matches("^create-version (await-generation )+-> await-generation$", await world.RunAsync());
        }
        finally
        {
            google.Host.Switches.KeyGenerationTime = TimeSpan.Zero;
        }

        Assert.Equal("trust record-trust -> propagate", await world.RunAsync());
    }

    [Fact]
    public async Task RunAsync_AnotherAlgorithm_MakesAVersionOfItThroughTheTemplate()
    {
        await using var world = await RotatorWorld.StartAsync(google, SignatureAlgorithm.Parse("rsa-sign-pkcs1-4096-sha512"));
        var instance = world.NewInstance(change: options => options.Rotation.Algorithm = "ec-sign-p256-sha256");

        Assert.Equal("record-trust create-version trust record-trust -> propagate", await world.RunAsync(instance));

        Assert.Equal(SignatureAlgorithm.Default.BinAuthz, (await world.AttestorAsync()).UserOwnedGrafeasNote.PublicKeys[1].PkixPublicKey.SignatureAlgorithm);
        google.Clock.Advance(Propagation + Overlap);
        Assert.Equal("distrust disable -> nothing", await world.RunAsync(instance));
    }

    [Fact]
    public async Task RunAsync_RecordsCannotBeRead_NamesTheObject()
    {
        await using var world = await RotatorWorld.StartAsync(google);
        await world.RunAsync();
        var name = $"{KeyRecordName.Prefix(world.Subject.Attestor, world.Subject.Key)}1/garbage.json";
        await world.Get<StorageClient>().CreateAsync(EvidenceBucket.Default(world.Project).Name, name, "[]"u8.ToArray(), "application/json", TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<RotationException>(() => world.RunAsync());

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    private async Task<RotatorWorld> DueAsync()
    {
        var world = await RotatorWorld.StartAsync(google);
        await world.RunAsync();
        google.Clock.Advance(Lifetime);
        return world;
    }
}
