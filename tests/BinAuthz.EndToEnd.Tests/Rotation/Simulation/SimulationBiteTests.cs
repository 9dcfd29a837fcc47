using BinAuthz.Rotation;

namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>Each invariant bites: a deliberate defect breaks it, and the simulation finds that.</summary>
public sealed class SimulationBiteTests
{
    private const int Histories = 300;

    [Fact]
    public Task I1_DistrustBeforeImagesAreSignedAnew_IsFound() => FindsAsync("I1", new SimulationDefect
    {
        Decide = right => (now, state, windows) => right(now, state, windows) is RotationStep.Resign && state.Trusted.Count > 1
            ? new RotationStep.Distrust(state.Trusted[^1].Version.Name, IsRevoked: false, "a defect")
            : right(now, state, windows),
    });

    [Fact]
    public Task I1_RetirementWithoutOverlap_IsFound() => FindsAsync("I1", new SimulationDefect
    {
        Decide = right => (now, state, windows) => right(now, state, windows) is RotationStep.Propagate && state.Trusted.Count > 1
            ? new RotationStep.Distrust(state.Trusted[^1].Version.Name, IsRevoked: false, "a defect")
            : right(now, state, windows),
    });

    [Fact]
    public Task I2_SignerThatApprovesAnything_IsFound() => FindsAsync("I2", new SimulationDefect { ApprovesAnything = true });

    [Fact]
    public Task I3_DistrustOfTheLastKey_IsFound() => FindsAsync("I3", new SimulationDefect
    {
        Decide = right => (now, state, windows) => right(now, state, windows) is RotationStep.CreateVersion && state.Trusted is [var last]
            ? new RotationStep.Distrust(last.Version.Name, IsRevoked: false, "a defect")
            : right(now, state, windows),
    });

    [Fact]
    public Task I4_VersionDisabledWhileNeeded_IsFound() => FindsAsync("I4", new SimulationDefect
    {
        Decide = right => (now, state, windows) => right(now, state, windows) is RotationStep.Propagate && state.Trusted is [.., { Version.IsEnabled: true } old]
            ? new RotationStep.Disable(old.Version.Name)
            : right(now, state, windows),
    });

    [Fact]
    public Task I5_SignerThatNeverForgets_IsFound() => FindsAsync("I5", new SimulationDefect { TrustLifetime = TimeSpan.FromDays(365) });

    private static async Task FindsAsync(string invariant, SimulationDefect defect)
    {
        var result = await Simulation.RunAsync(1, Histories, defect);

        Assert.Equal(invariant, Assert.IsType<SimulationViolationException>(result.Failure).Invariant);
    }
}
