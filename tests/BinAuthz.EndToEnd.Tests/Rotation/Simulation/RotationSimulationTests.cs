using System.Globalization;

namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>Random histories over the real code, the emulator and clocks that nobody waits for.</summary>
public sealed class RotationSimulationTests
{
    private const int Histories = 2000;

    /// <summary>Without these a simulation would show little.</summary>
    private static readonly string[] Steps =
    [
        "create-version", "await-generation", "trust", "record-trust", "distrust", "disable", "schedule-destroy", "record-clear", "then-resign", "then-withdraw", "then-propagate", "then-nothing", "then-blocked",
    ];

    [Fact]
    public async Task Histories_OfAnyKind_NeverBreakAnInvariant()
    {
        var seed = Read(Simulation.SeedVariable);
        var result = await Simulation.RunAsync(seed ?? 1, Read(Simulation.CountVariable) ?? (seed is null ? Histories : 1));

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", result.Counts.Select(each => $"{each.Value} {each.Key}")));
        Assert.True(result.Failure is null, result.Story);
        Assert.True(seed is not null || Steps.All(result.Counts.ContainsKey), $"Never done: {string.Join(", ", Steps.Except(result.Counts.Keys))}");
    }

    private static int? Read(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
