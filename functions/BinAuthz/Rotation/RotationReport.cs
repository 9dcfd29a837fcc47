namespace BinAuthz.Rotation;

/// <summary>What a run did, and what it waits for.</summary>
/// <param name="State">As it was read last.</param>
/// <param name="Performed">The steps that were done, in order.</param>
/// <param name="Next">What is due, or why nothing is: the schedule's next run begins with it.</param>
internal sealed record RotationReport(RotationState State, IReadOnlyList<RotationStep> Performed, RotationStep Next)
{
    /// <summary>What went wrong beside the rotation itself.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
