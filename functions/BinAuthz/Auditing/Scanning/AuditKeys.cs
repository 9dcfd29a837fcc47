using BinAuthz.Attestations;
using BinAuthz.Keys;
using BinAuthz.Rotation;

namespace BinAuthz.Auditing.Scanning;

/// <summary>
/// The public keys that an attestor's signatures are verified with: those that it trusts, and those that it trusted once, which the
/// records keep. Each is imported once.
/// </summary>
internal sealed class AuditKeys
{
    /// <summary>The mark of the trusted keys that have none of their own, because there are too many.</summary>
    public const ulong SharedMark = 1UL << 63;

    private readonly ILookup<string, AttestorKey> trusted;
    private readonly Dictionary<string, FormerKey> former;
    private readonly Dictionary<string, int> places;
    private readonly ILookup<long, int> versions;

    /// <param name="attestor">Whom it trusts.</param>
    /// <param name="records">What was recorded of its keys' trust.</param>
    public AuditKeys(Attestor attestor, IReadOnlyList<KeyRecord> records)
    {
        (Attestor, Records) = (attestor, records);
        trusted = attestor.Keys.ToLookup(key => key.Id, StringComparer.Ordinal);
        Ids = [.. trusted.Select(key => key.Key)];
        places = Ids.Select((id, place) => (id, place)).ToDictionary(each => each.id, each => each.place, StringComparer.Ordinal);
        former = records.GroupBy(record => record.Version).Select(FormerKey.From).ToDictionary(key => key.Version.PublicKeyId, StringComparer.Ordinal);
        versions = Ids.Select((id, place) => (Version: KeyVersionName.TryParsePublicKeyId(id, out var version) ? version.Version : 0, place)).ToLookup(each => each.Version, each => each.place);
    }

    /// <summary>The attestor.</summary>
    public Attestor Attestor { get; }

    /// <summary>What was recorded of its keys' trust.</summary>
    public IReadOnlyList<KeyRecord> Records { get; }

    /// <summary>The ids of the keys that it trusts.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>The keys that it trusts under an id.</summary>
    public IEnumerable<AttestorKey> Trusted(string id) => trusted[id];

    /// <summary>Whether it trusts a key of that id.</summary>
    public bool Trusts(string id) => trusted.Contains(id);

    /// <summary>What the records keep of a key; null: nothing.</summary>
    public FormerKey? Recorded(string id) => former.GetValueOrDefault(id);

    /// <summary>The bit that marks what a trusted key did.</summary>
    public ulong Mark(string id) => Bit(places[id]);

    /// <summary>The bits of the trusted keys that are a version of this number: the names of decision records say no more.</summary>
    public ulong MarkOfVersion(long version) => versions[version].Select(Bit).Where(bit => bit != SharedMark).Aggregate(0UL, (bits, bit) => bits | bit);

    private static ulong Bit(int place) => place < 63 ? 1UL << place : SharedMark;
}
