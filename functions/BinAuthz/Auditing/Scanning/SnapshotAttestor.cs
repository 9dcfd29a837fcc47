using BinAuthz.Attestations;
using BinAuthz.Checkup;

namespace BinAuthz.Auditing.Scanning;

/// <summary>An attestor whose attestations are read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Keys">What they are verified with; null: it could not be read.</param>
/// <param name="Records">What the evidence bucket knows of them.</param>
internal sealed record SnapshotAttestor(AttestorName Name, AuditKeys? Keys, ScannedRecords Records)
{
    /// <summary>Why it could not be read; null: it could.</summary>
    public Obstacle? Why { get; init; }
}
