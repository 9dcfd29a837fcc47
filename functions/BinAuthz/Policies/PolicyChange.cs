namespace BinAuthz.Policies;

/// <summary>One difference between two policies.</summary>
/// <param name="Path">Where, as a JSON path.</param>
/// <param name="Effect">What it does to what is admitted.</param>
/// <param name="Words">What was and what is wanted.</param>
internal sealed record PolicyChange(string Path, PolicyEffect Effect, string Words)
{
    /// <summary>The pattern or attestor that it is about, where several may stand at the path; null: the path tells it.</summary>
    public string? Item { get; init; }

    /// <summary>Whether it may admit what was not admitted.</summary>
    public bool Loosens => Effect is PolicyEffect.Loosens or PolicyEffect.Replaces;
}
