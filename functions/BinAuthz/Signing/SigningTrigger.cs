using BinAuthz.Approval.Pushes;

namespace BinAuthz.Signing;

/// <summary>What has an image weighed.</summary>
/// <param name="MessageId">Of the event; null: a person.</param>
/// <param name="Pushes">The pushes that the event itself tells of.</param>
internal sealed record SigningTrigger(string? MessageId, IReadOnlyList<PushRecord> Pushes)
{
    /// <summary>A person asks.</summary>
    public static SigningTrigger None { get; } = new(null, []);
}
