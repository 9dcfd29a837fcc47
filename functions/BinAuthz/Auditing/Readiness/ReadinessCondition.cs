namespace BinAuthz.Auditing.Readiness;

/// <summary>One thing that must hold before an environment enforces.</summary>
/// <param name="Id">For programs, such as <c>denials</c>.</param>
/// <param name="Title">What must hold.</param>
/// <param name="IsMet">Whether it does. What could not be read does not.</param>
/// <param name="Detail">What is there, and what is missing.</param>
internal sealed record ReadinessCondition(string Id, string Title, bool IsMet, string Detail)
{
    /// <summary>From when on it holds if nothing happens until then, UTC; null: somebody has to do something first, or it holds.</summary>
    public DateTimeOffset? From { get; init; }
}
