using BinAuthz.Attestations;
using BinAuthz.Keys;

namespace BinAuthz.Rotation;

/// <summary>A version that was revoked, and how to tell what it attested.</summary>
/// <param name="Version">The version.</param>
/// <param name="At">When it was first revoked, UTC.</param>
/// <param name="Since">Since when others may have been able to sign with it, UTC, by the earliest of what was said; the beginning of time: nobody said.</param>
/// <param name="Verifier">Counts its signatures as if the attestor listed it alone.</param>
/// <param name="IsReadable">Whether its public key can be used.</param>
internal sealed record RevokedVersion(KeyVersionName Version, DateTimeOffset At, DateTimeOffset Since, AttestationVerifier Verifier, bool IsReadable)
{
    /// <summary>The versions that records tell of.</summary>
    public static IReadOnlyList<RevokedVersion> From(Attestor attestor, IEnumerable<KeyRecord> records) =>
        [.. records.Where(record => record.Kind == KeyRecordKind.Revoked).GroupBy(record => record.Version).Select(group => Read(attestor, group.Key, [.. group]))];

    private static RevokedVersion Read(Attestor attestor, KeyVersionName version, KeyRecord[] records)
    {
        AttestorKey[] keys = [.. records.Select(record => new AttestorKey(version.PublicKeyId, record.Pem, record.Algorithm, "")).Distinct()];
        return new RevokedVersion(
            version,
            records.Min(record => record.At),
            records.Min(record => record.CompromisedSince ?? DateTimeOffset.MinValue),
            new AttestationVerifier(attestor with { Keys = keys }),
            Array.Exists(keys, key => key.TryImport(out _, out _)));
    }
}
