namespace BinAuthz.Denials;

/// <summary>What a log entry told.</summary>
/// <param name="Findings">One for each image or change; empty when the entry tells of nothing that is alerted on.</param>
/// <param name="Ignored">Why there are none; empty when there are some.</param>
internal sealed record LogReading(IReadOnlyList<Finding> Findings, string Ignored)
{
    /// <summary>Findings.</summary>
    public static LogReading Of(params IReadOnlyList<Finding> findings) => new(findings, "");

    /// <summary>Nothing.</summary>
    public static LogReading None(string reason) => new([], reason);
}
