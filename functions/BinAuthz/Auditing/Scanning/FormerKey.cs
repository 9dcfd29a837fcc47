using BinAuthz.Keys;
using BinAuthz.Rotation;

namespace BinAuthz.Auditing.Scanning;

/// <summary>A key as the records keep it.</summary>
/// <param name="Version">The version of Cloud KMS.</param>
/// <param name="Key">Its public half, for signatures that Cloud KMS gives it out no more for.</param>
/// <param name="Revocation">That it was revoked; null: it was not.</param>
internal sealed record FormerKey(KeyVersionName Version, AttestorKey Key, KeyRecord? Revocation)
{
    /// <summary>Since when others may have been able to sign with it, UTC; the end of time: never.</summary>
    public DateTimeOffset CompromisedSince => Revocation is null ? DateTimeOffset.MaxValue : Revocation.CompromisedSince ?? Revocation.At;

    /// <summary>What the records of a version say; the earliest time counts when it was revoked more than once.</summary>
    public static FormerKey From(IGrouping<KeyVersionName, KeyRecord> records)
    {
        var last = records.MaxBy(record => record.At)!;
        var revocation = records.Where(record => record.Kind == KeyRecordKind.Revoked).MinBy(record => record.CompromisedSince ?? record.At);
        return new FormerKey(records.Key, new AttestorKey(records.Key.PublicKeyId, last.Pem, last.Algorithm, ""), revocation);
    }
}
