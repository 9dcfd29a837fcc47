using BinAuthz.Attestations;

namespace BinAuthz.Auditing.Scanning;

/// <summary>What a scan goes by: images, keys and decision records as they were when it began. All parts of a scan go by the same.</summary>
/// <param name="Images">The images that are looked for.</param>
/// <param name="Attestors">Whose attestations are read, in the request's order.</param>
internal sealed record ScanSnapshot(ScannedSubjects Images, IReadOnlyList<SnapshotAttestor> Attestors)
{
    /// <summary>An attestor of it.</summary>
    /// <exception cref="InvalidOperationException">It has none of that name.</exception>
    public SnapshotAttestor Of(AttestorName attestor) => Attestors.Single(each => each.Name == attestor);

    /// <summary>What counts the attestations of an attestor, or a part of them.</summary>
    /// <param name="attestor">One whose keys are known.</param>
    /// <param name="limit">How many findings of a rule are named at most.</param>
    public NoteScan NewScan(SnapshotAttestor attestor, int limit) => new(attestor.Keys!, Images, attestor.Records, limit);
}
