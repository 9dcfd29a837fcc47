using BinAuthz.Cli.Auditing.Serving;
using BinAuthz.Tests.Auditing.Archive;
using BinAuthz.Tests.Auditing.Reports;

namespace BinAuthz.EndToEnd.Tests.Auditing.Browser;

/// <summary>The site that shows reports, with three of them of which the last was tampered with, opened once for all tests.</summary>
public sealed class SitePages
{
    private readonly Lazy<Task<IReadOnlyList<SeenPage>>> seen = new(OpenAsync);

    // Asked for by the tests themselves, because only a test can be skipped.
    internal Task<IReadOnlyList<SeenPage>> AllAsync() => seen.Value;

    internal async Task<IReadOnlyList<SeenPage>> OfAsync(string name) => [.. (await seen.Value).Where(page => page.Name == name)];

    private static async Task<IReadOnlyList<SeenPage>> OpenAsync()
    {
        using var world = await new ChainWorld().WithAsync(1);
        await world.Store.StoreAsync(ReportSamples.Full with { Time = ChainWorld.Report(2).Time, Previous = null }, ChainWorld.Stop);
        await world.Store.StoreAsync(ChainWorld.Report(3), ChainWorld.Stop);
        world.Forge(ChainWorld.Name(3).File("report.html"), "<script>alert('forged')</script>");
        await using var site = await ReportSite.StartAsync(world.Archive, world, "production", 0, TimeProvider.System, ChainWorld.Stop);
        return await PageCheck.RunAsync(
            [
                ("list", site.Address, []),
                ("difference", new Uri(site.Address, $"/diff/{ChainWorld.Name(1).Id}/{ChainWorld.Name(2).Id}"), []),
                ("report", new Uri(site.Address, $"/reports/{ChainWorld.Name(2).Id}"), ["policy"]),
                ("forged", new Uri(site.Address, $"/reports/{ChainWorld.Name(3).Id}"), ["light", "dark", "phone"]),
            ],
            ChainWorld.Stop);
    }
}
