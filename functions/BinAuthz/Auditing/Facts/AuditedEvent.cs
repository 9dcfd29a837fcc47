using BinAuthz.Denials;

namespace BinAuthz.Auditing.Facts;

/// <summary>Something that happened, once or again and again.</summary>
/// <param name="Group">What, where, how often.</param>
/// <param name="Diagnosis">Why, as far as it can be told now.</param>
internal sealed record AuditedEvent(FindingGroup Group, Diagnosis Diagnosis)
{
    /// <summary>When the last pod that it let in was deleted, UTC; null: as far as the logs tell one still runs.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Who changed the workload whose pods a controller made; empty: the logs do not tell, or no controller made them.</summary>
    public string ChangedBy { get; init; } = "";
}
