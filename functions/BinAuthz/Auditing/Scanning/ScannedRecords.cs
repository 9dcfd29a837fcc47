using BinAuthz.Checkup;
using BinAuthz.Rotation;

namespace BinAuthz.Auditing.Scanning;

/// <summary>What the evidence bucket knows of an attestor's attestations.</summary>
/// <param name="Marks">For each image, by its place, the marks of the trusted keys that it has a decision record of.</param>
internal sealed record ScannedRecords(IReadOnlyList<ulong> Marks)
{
    /// <summary>Why the decision records could not be read; null: they were.</summary>
    public Obstacle? Decisions { get; init; }

    /// <summary>Why the records of the keys' trust could not be read; null: they were.</summary>
    public Obstacle? KeyRecords { get; init; }

    /// <summary>Joins what was read.</summary>
    /// <param name="marks">Of decision records.</param>
    /// <param name="keyRecords">Of the keys' trust.</param>
    /// <param name="images">How many images there are.</param>
    public static ScannedRecords From(Fact<IReadOnlyList<ulong>> marks, Fact<IReadOnlyList<KeyRecord>> keyRecords, int images) => new(marks.Or(new ulong[images]))
    {
        Decisions = marks is Fact<IReadOnlyList<ulong>>.Unknown unread ? unread.Why : null,
        KeyRecords = keyRecords is Fact<IReadOnlyList<KeyRecord>>.Unknown unknown ? unknown.Why : null,
    };
}
