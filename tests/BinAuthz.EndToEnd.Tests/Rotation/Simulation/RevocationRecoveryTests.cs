using BinAuthz.Rotation;

namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>A compromised version loses trust at once, and exactly what is approved anew comes back.</summary>
public sealed class RevocationRecoveryTests
{
    private static readonly SimulationSettings Settings = new(
        Propagation: TimeSpan.Zero,
        RotatorSkew: TimeSpan.Zero,
        SignerSkew: TimeSpan.Zero,
        TrustLifetime: TimeSpan.Zero,
        Lifetime: TimeSpan.FromDays(90),
        Overlap: TimeSpan.FromDays(7),
        DisabledBeforeDestroy: TimeSpan.FromDays(30),
        Generation: TimeSpan.FromSeconds(3),
        RefuseDuplicates: true,
        RefuseUpdates: true,
        ImagesPerMinute: 300);

    [Fact]
    public async Task Revocation_OfTheOnlyVersion_BlocksAtOnceAndReadmitsWhatIsApprovedAnew()
    {
        await using var site = await SimulationSite.StartAsync();
        await using var world = new HistoryWorld(site, new SimulatedRegistry(site.Http), "revoked", Settings, defect: null);
        await world.SetUpAsync();
        SimulatedImage[] approved = [.. await world.PushAsync(ImageMerit.Good, isIndex: false), .. await world.PushAsync(ImageMerit.Good, isIndex: true)];
        SimulatedImage[] refusedNow = [.. await world.PushAsync(ImageMerit.Doubtful, isIndex: false), .. await world.PushAsync(ImageMerit.Doubtful, isIndex: true)];
        await world.DeliverAllAsync();
        world.Advance(TimeSpan.FromDays(1));
        var since = world.Now;
        world.Advance(TimeSpan.FromHours(1));
        SimulatedImage[] attestedSince = [.. await world.PushAsync(ImageMerit.Good, isIndex: false)];
        SimulatedImage[] forged = [.. await world.PushAsync(ImageMerit.Bad, isIndex: false, announce: false)];
        await world.DeliverAllAsync();
        var compromised = world.Project.Key.Version(1);
        await world.Project.ForgeAsync(forged[0].Reference, compromised.ToString());
        SimulatedImage[] all = [.. approved, .. refusedNow, .. attestedSince, .. forged];
        var before = await AdmittedAsync(world, all);
        await world.BecomeStrictAsync();

        var request = new RevocationRequest(compromised, since, "the signer's host was broken into", "security@acme.example");
        var said = await world.RotateAsync("rotator", rotator => rotator.RevokeAsync(world.Subject, request, TestContext.Current.CancellationToken));
        var atOnce = await AdmittedAsync(world, all);
        await world.DeliverAllAsync();
        var recovered = await AdmittedAsync(world, all);
        world.Advance(TimeSpan.FromDays(1));
        await world.RotateAsync("rotator", rotator => rotator.RunAsync(world.Subject, TestContext.Current.CancellationToken));

        Assert.Equal(all, before);
        Assert.DoesNotContain("failed", said, StringComparison.Ordinal);
        Assert.Empty(atOnce);
        Assert.Equal(approved, recovered);
        Assert.Empty(world.Pending);
        Assert.IsType<RotationStep.Nothing>(world.LastReport!.Next);
    }

    [Fact]
    public async Task Revocation_AfterARotationSignedAForgeryAnew_WithdrawsTheForgeryAlone()
    {
        await using var site = await SimulationSite.StartAsync();
        await using var world = new HistoryWorld(site, new SimulatedRegistry(site.Http), "withdrawn", Settings, defect: null);
        await world.SetUpAsync();
        SimulatedImage[] approved = [.. await world.PushAsync(ImageMerit.Good, isIndex: true)];
        await world.DeliverAllAsync();
        world.Advance(TimeSpan.FromDays(1));
        var since = world.Now;
        world.Advance(TimeSpan.FromHours(1));
        SimulatedImage[] forged = [.. await world.PushAsync(ImageMerit.Bad, isIndex: false, announce: false)];
        var compromised = world.Project.Key.Version(1);
        await world.Project.ForgeAsync(forged[0].Reference, compromised.ToString());
        await world.RotateAsync("rotator", rotator => rotator.RenewAsync(world.Subject, TestContext.Current.CancellationToken));
        world.Advance(TimeSpan.FromHours(1));
        await world.RotateAsync("rotator", rotator => rotator.RunAsync(world.Subject, TestContext.Current.CancellationToken));
        await world.DeliverAllAsync();
        world.Advance(TimeSpan.FromDays(8));
        await world.RotateAsync("rotator", rotator => rotator.RunAsync(world.Subject, TestContext.Current.CancellationToken));
        var rotated = await AdmittedAsync(world, [.. approved, .. forged]);

        var request = new RevocationRequest(compromised, since, "the signer's host was broken into", "security@acme.example");
        await world.RotateAsync("rotator", rotator => rotator.RevokeAsync(world.Subject, request, TestContext.Current.CancellationToken));
        await world.DeliverAllAsync();
        var left = await AdmittedAsync(world, [.. approved, .. forged]);
        await world.RotateAsync("rotator", rotator => rotator.RunAsync(world.Subject, TestContext.Current.CancellationToken));

        Assert.Equal([.. approved, .. forged], rotated);
        Assert.Equal(approved, left);
        Assert.IsType<RotationStep.RecordClear>(Assert.Single(world.LastReport!.Performed));
    }

    private static async Task<IReadOnlyList<SimulatedImage>> AdmittedAsync(HistoryWorld world, IEnumerable<SimulatedImage> images)
    {
        var admitted = new List<SimulatedImage>();
        foreach (var image in images)
        {
            if (await world.Project.RefusalAsync([image.Reference], dryRun: false) is "")
            {
                admitted.Add(image);
            }
        }

        return admitted;
    }
}
