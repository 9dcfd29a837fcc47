using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;

namespace BinAuthz.Rotation;

/// <summary>Everything that a rotation is decided by, read in one go; nothing of it is remembered.</summary>
/// <param name="Attestor">With its keys and the etag under which they were read.</param>
/// <param name="Key">Whose versions are rotated.</param>
/// <param name="Template">The algorithm of versions that Cloud KMS makes from now on; null: one that Binary Authorization does not accept.</param>
/// <param name="Versions">All versions of <paramref name="Key"/>, in any state.</param>
/// <param name="Records">What happened to them, in the order of time.</param>
/// <param name="Live">What may still be deployed; null: not read, because <see cref="NeedsImages"/> is false.</param>
internal sealed record RotationState(
    Attestor Attestor, KeyName Key, SignatureAlgorithm? Template, IReadOnlyList<KeyVersionDescription> Versions, IReadOnlyList<KeyRecord> Records, LiveImages? Live)
{
    /// <summary>The versions whose keys the attestor lists in a form that is known here, the newest first.</summary>
    public IReadOnlyList<TrustedVersion> Trusted
    {
        get
        {
            var keys = Attestor.Keys.Where(key => key is { Pem: not null, Algorithm: not null }).DistinctBy(key => key.Id).ToDictionary(key => key.Id, StringComparer.Ordinal);
            return
            [
                .. Versions.Where(version => keys.ContainsKey(version.Name.PublicKeyId))
                    .Select(version => new TrustedVersion(version, keys[version.Name.PublicKeyId]))
                    .OrderByDescending(trusted => trusted.Version.Name.Version),
            ];
        }
    }

    /// <summary>The attestor's keys that are not of <see cref="Trusted"/>: they are left alone.</summary>
    public IReadOnlyList<AttestorKey> Foreign => [.. Attestor.Keys.ExceptBy(Trusted.Select(trusted => trusted.Key.Id), key => key.Id, StringComparer.Ordinal)];

    /// <summary>Whether what may still be deployed has a say. It has none in what is urgent, which must not wait for reading it.</summary>
    public bool NeedsImages => RotationPolicy.Urgent(this) is null && (Trusted.Count > 1 || Records.Any(record => record.Kind == KeyRecordKind.Revoked));

    /// <summary>What happened to a version, in the order of time.</summary>
    public IEnumerable<KeyRecord> RecordsOf(KeyVersionName version) => Records.Where(record => record.Version == version);

    /// <summary>Whether a version was revoked.</summary>
    public bool IsRevoked(KeyVersionName version) => RecordsOf(version).Any(record => record.Kind == KeyRecordKind.Revoked);

    /// <summary>The revoked versions that have lost trust, of which nobody has made sure yet that they have left nothing behind.</summary>
    public IReadOnlyList<KeyRecord> Uncleared =>
    [
        .. Records
            .Where(record => record.Kind == KeyRecordKind.Revoked && !IsTrusted(record.Version) && RecordsOf(record.Version).All(other => other.Kind != KeyRecordKind.Cleared))
            .GroupBy(record => record.Version).Select(group => group.MinBy(record => record.CompromisedSince)!),
    ];

    /// <summary>Whether the attestor lists a version, in whatever form.</summary>
    public bool IsTrusted(KeyVersionName version) => version.PublicKeyId is var id && Attestor.Keys.Any(key => key.Id == id);

    /// <summary>
    /// Since when a version is trusted: as its comment on the attestor says; without one, since it was first seen there.
    /// What neither tells is taken for long ago.
    /// </summary>
    public DateTimeOffset Since(TrustedVersion trusted) =>
        TrustedSince.Read(trusted.Key.Comment) ?? RecordsOf(trusted.Version.Name).FirstOrDefault(record => record.Kind == KeyRecordKind.Trusted)?.At ?? DateTimeOffset.UnixEpoch;
}
