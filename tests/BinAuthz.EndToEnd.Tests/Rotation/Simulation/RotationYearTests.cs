using State = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>A year of daily work, in a minute or less.</summary>
public sealed class RotationYearTests
{
    private const int Days = 368;
    private const int DaysBetweenPushes = 5;
    private const int DeploymentsADay = 3;

    private static readonly SimulationSettings Settings = new(
        Propagation: TimeSpan.FromMinutes(2),
        RotatorSkew: TimeSpan.FromMinutes(1),
        SignerSkew: TimeSpan.FromMinutes(-1),
        TrustLifetime: TimeSpan.FromSeconds(30),
        Lifetime: TimeSpan.FromDays(90),
        Overlap: TimeSpan.FromDays(7),
        DisabledBeforeDestroy: TimeSpan.FromDays(30),
        Generation: TimeSpan.FromSeconds(3),
        RefuseDuplicates: true,
        RefuseUpdates: true,
        ImagesPerMinute: 300);

    [Fact]
    public async Task Year_OfPushesAndDeployments_HasFourRotationsAndNoDenial()
    {
        await using var site = await SimulationSite.StartAsync();
        await using var world = new HistoryWorld(site, new SimulatedRegistry(site.Http), "year", Settings, defect: null);
        await world.SetUpAsync();
        var random = new Random(1);
        var denials = new List<string>();
        for (var day = 0; day < Days; day++)
        {
            if (day % DaysBetweenPushes == 0)
            {
                var pushed = await world.PushAsync(ImageMerit.Good, isIndex: day % 40 == 0);
                await world.DeliverAllAsync();
                await DeployAsync(world, pushed[0], dryRun: false, denials);
            }

            for (var deployment = 0; deployment < DeploymentsADay; deployment++)
            {
                world.Advance(TimeSpan.FromHours(24 / DeploymentsADay));
                await DeployAsync(world, world.Invariants.Images[random.Next(world.Invariants.Images.Count)], dryRun: true, denials);
            }

            await RotateAsync(world);
        }

        var rotated = (await world.Project.VersionsAsync()).Count;
        for (var day = 0; day < 65; day += 5)
        {
            world.Advance(TimeSpan.FromDays(5));
            await RotateAsync(world);
        }

        await world.Invariants.CheckAsync();
        Assert.Null(world.Invariants.Violation);
        Assert.Empty(denials);
        Assert.Equal(5, rotated);
        Assert.Equal(4, world.Counts["distrust"]);
        Assert.Equal([State.Destroyed, State.Destroyed, State.Destroyed, State.Destroyed, State.Enabled], (await world.Project.VersionsAsync()).Select(version => version.State));
        Assert.Equal([world.Project.Key.Version(5).PublicKeyId], world.Invariants.Listed);
    }

    // A pod of each image runs; the others end before they would be seen.
    private static async Task DeployAsync(HistoryWorld world, SimulatedImage image, bool dryRun, List<string> denials)
    {
        if (await world.Project.RefusalAsync([image.Reference], dryRun) is { Length: > 0 } refusal)
        {
            denials.Add($"{world.Now:u} {refusal}");
        }
    }

    private static async Task RotateAsync(HistoryWorld world)
    {
        Assert.DoesNotContain("failed", await world.RotateAsync("rotator", rotator => rotator.RunAsync(world.Subject, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        await world.DeliverAllAsync();
    }
}
