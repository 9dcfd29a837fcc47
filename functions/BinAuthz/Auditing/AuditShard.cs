using System.Globalization;
using BinAuthz.Attestations;

namespace BinAuthz.Auditing;

/// <summary>A part of the attestations of an attestor's note: those made in a span of time. Parts that follow each other share none and miss none.</summary>
/// <param name="Attestor">The attestor.</param>
/// <param name="From">Made at this time or later, UTC.</param>
/// <param name="To">Made before this time, UTC.</param>
internal sealed record AuditShard(AttestorName Attestor, DateTimeOffset From, DateTimeOffset To)
{
    // Times are cut on whole seconds, which every filter can express.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>All attestations of an attestor that were made before an audit. Container Analysis is younger than the first time.</summary>
    public static AuditShard Whole(AttestorName attestor, DateTimeOffset time) => new(attestor, new DateTimeOffset(2016, 1, 1, 0, 0, 0, TimeSpan.Zero), time);

    /// <summary>The filter of Container Analysis (docs: container-analysis/docs/filter).</summary>
    public string Filter => $"createTime>=\"{Rfc3339.Write(From)}\" AND createTime<\"{Rfc3339.Write(To)}\"";

    /// <summary>What tells it from others of the same audit, for names of objects.</summary>
    public string Id => $"{Attestor.Id}/{From.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}-{To.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";

    /// <summary>Whether an attestation belongs to it. One whose time is not known belongs to the first part.</summary>
    public bool Contains(Attestation attestation) => attestation.CreateTime is { } made ? made >= From && made < To : From == Whole(Attestor, To).From;

    /// <summary>Its two halves; none: it is too short to be cut.</summary>
    public IReadOnlyList<AuditShard> Cut()
    {
        var middle = From + TimeSpan.FromSeconds(Math.Floor((To - From).TotalSeconds / 2));
        return To - From < 2 * Shortest ? [] : [this with { To = middle }, this with { From = middle }];
    }
}
