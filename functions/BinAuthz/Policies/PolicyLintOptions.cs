using BinAuthz.Attestations;

namespace BinAuthz.Policies;

/// <summary>What a policy is held to.</summary>
/// <param name="Production">Whether it is of production, which enforces.</param>
/// <param name="Project">The project that it is for; null: any.</param>
internal sealed record PolicyLintOptions(bool Production = false, string? Project = null)
{
    /// <summary>What was found of the attestors; null under a name: there is none. What was not looked up is missing.</summary>
    public IReadOnlyDictionary<AttestorName, Attestor?> Attestors { get; init; } = new Dictionary<AttestorName, Attestor?>();
}
