using BinAuthz.Rotation;

namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>A deliberate defect that the simulation must find.</summary>
internal sealed record SimulationDefect
{
    /// <summary>Makes a defective decision of the real one; null: it is right.</summary>
    public Func<RotationDecision, RotationDecision>? Decide { get; init; }

    /// <summary>How long the signer remembers what it was told not to; null: as it was told.</summary>
    public TimeSpan? TrustLifetime { get; init; }

    /// <summary>Whether the signer approves whatever it sees.</summary>
    public bool ApprovesAnything { get; init; }
}
