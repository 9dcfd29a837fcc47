namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>A message that the signer is to get.</summary>
/// <param name="Id">Of the message.</param>
/// <param name="Data">Its data.</param>
/// <param name="Pushed">What it announces; empty: the rotator asks for something.</param>
internal sealed record Delivery(string Id, byte[] Data, IReadOnlyList<SimulatedImage> Pushed)
{
    public int Attempts { get; set; }
}
