using System.Collections.Concurrent;
using System.Globalization;

namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>Makes histories happen, two at a time, until one goes wrong.</summary>
internal static class Simulation
{
    /// <summary>The environment variable that names the one seed to replay.</summary>
    public const string SeedVariable = "BINAUTHZ_SIMULATION_SEED";

    /// <summary>The environment variable for how many histories there are; the first seed is the one to replay then.</summary>
    public const string CountVariable = "BINAUTHZ_SIMULATION_HISTORIES";

    private const int Sites = 2;

    /// <summary>Runs histories.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="defect">What is wrong with the product; null: nothing.</param>
    public static async Task<SimulationResult> RunAsync(int first, int count, SimulationDefect? defect = null)
    {
        var seeds = new ConcurrentQueue<int>(Enumerable.Range(first, count));
        var result = new SimulationResult();
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Sites, count)).Select(_ => Task.Run(() => RunSiteAsync(seeds, result, defect))));
        return result;
    }

    private static async Task RunSiteAsync(ConcurrentQueue<int> seeds, SimulationResult result, SimulationDefect? defect)
    {
        await using var site = await SimulationSite.StartAsync();
        var registry = new SimulatedRegistry(site.Http);
        while (result.Failure is null && seeds.TryDequeue(out var seed))
        {
            var random = new Random(seed);
            await using var world = new HistoryWorld(site, registry, string.Create(CultureInfo.InvariantCulture, $"sim-{seed}"), SimulationSettings.Draw(random), defect);
            var history = new History(world, random);
            try
            {
                await history.HappenAsync();
            }
#pragma warning disable CA1031 // Whatever happens belongs to a seed.
            catch (Exception error)
#pragma warning restore CA1031
            {
                result.Fail(seed, error, history.Trace);
            }

            result.Add(world.Counts);
        }
    }
}
