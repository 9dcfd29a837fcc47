using BinAuthz.Checkup;

namespace BinAuthz.Auditing.Scanning;

/// <summary>The images that were found, and what could not be read.</summary>
/// <param name="Known">Those that were found.</param>
/// <param name="Obstacles">Why there may be others; none: there are none.</param>
internal sealed record ScannedSubjects(ScanSubjects Known, IReadOnlyList<Obstacle> Obstacles)
{
    /// <summary>Why it is not known what the policy admits without asking; null: it is known.</summary>
    public Obstacle? ExemptionsUnknown { get; init; }

    /// <summary>Whether every repository and every project was read.</summary>
    public bool IsComplete => Obstacles.Count == 0;
}
