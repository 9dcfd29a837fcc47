namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>Something that must always hold did not.</summary>
/// <param name="invariant">Its name, such as <c>I1</c>.</param>
/// <param name="message">What was seen.</param>
internal sealed class SimulationViolationException(string invariant, string message) : Exception($"{invariant}: {message}")
{
    public string Invariant => invariant;
}
