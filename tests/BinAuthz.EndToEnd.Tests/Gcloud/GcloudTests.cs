using BinAuthz.Emulator;

namespace BinAuthz.EndToEnd.Tests.Gcloud;

/// <summary>Scenarios in one mode. The modes, and the halves of the larger one, are classes, so that they run side by side.</summary>
public abstract class GcloudTests(GcloudMode mode, GcloudEmulator shared)
{
    /// <summary>The scenarios that mean something in <paramref name="mode"/>.</summary>
    public static TheoryData<string> In(GcloudMode mode) => [.. GcloudScenario.LoadAll().Where(scenario => scenario.Steps.Count > 0 && scenario.Modes.Contains(mode)).Select(scenario => scenario.Name)];

    protected async Task RunAsync(string name)
    {
        ExternalTool.Require("gcloud");
        var cancellationToken = TestContext.Current.CancellationToken;
        var scenario = GcloudScenario.Load(name);
        await using var own = scenario.OwnEmulator ? await EmulatorHost.StartAsync(new EmulatorOptions(), cancellationToken) : null;
        using var runner = new ScenarioRunner(own ?? await shared.StartedAsync(), scenario, mode);
        await runner.RunAsync(cancellationToken);
    }
}
