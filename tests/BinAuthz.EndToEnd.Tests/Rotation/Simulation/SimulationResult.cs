using System.Globalization;

namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>What came of histories.</summary>
internal sealed class SimulationResult
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, int> counts = new(StringComparer.Ordinal);

    /// <summary>How many ended.</summary>
    public int Histories { get; private set; }

    /// <summary>How often which step was done in all of them.</summary>
    public IReadOnlyDictionary<string, int> Counts => counts;

    /// <summary>What went wrong first; null: nothing.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>In which history, how to replay it, and what happened in it.</summary>
    public string Story { get; private set; } = "";

    public void Fail(int seed, Exception error, IReadOnlyList<string> trace)
    {
        lock (gate)
        {
            if (Failure is not null)
            {
                return;
            }

            Failure = error;
            Story = string.Create(CultureInfo.InvariantCulture, $"""
                Seed {seed}: {(error is SimulationViolationException ? error.Message : error.ToString())}
                Replay: {Simulation.SeedVariable}={seed} .artifacts/protos/bin/BinAuthz.EndToEnd.Tests/debug/BinAuthz.EndToEnd.Tests -class '*{nameof(RotationSimulationTests)}'
                {string.Join('\n', trace)}
                """);
        }
    }

    public void Add(IReadOnlyDictionary<string, int> happened)
    {
        lock (gate)
        {
            Histories++;
            foreach (var (what, times) in happened)
            {
                counts[what] = counts.GetValueOrDefault(what) + times;
            }
        }
    }
}
