using BinAuthz.Decisions;
using BinAuthz.Keys;
using BinAuthz.Rotation;

namespace BinAuthz.Tests.Rotation;

public sealed class TaintReaderTests
{
    private static readonly KeyName Key = KeyName.Parse("projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key");
    private static readonly DateTimeOffset Since = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void IsTainted_SignedAnewForAnAttestationAfterTheCompromise_Is() => Assert.True(IsTainted(valid: [2], From(2, 1, Since)));

    [Fact]
    public void IsTainted_SignedAnewForAnAttestationBeforeTheCompromise_IsNot() => Assert.False(IsTainted(valid: [2], From(2, 1, Since.AddSeconds(-1))));

    [Fact]
    public void IsTainted_SignedAnewForAnAttestationOfUnknownTime_Is() => Assert.True(IsTainted(valid: [2], From(2, 1, null)));

    [Fact]
    public void IsTainted_HandedOnTwice_Is() => Assert.True(IsTainted(valid: [3], From(3, 2, Since.AddDays(90)), From(2, 1, Since)));

    [Fact]
    public void IsTainted_ApprovalWasWeighed_IsNot() => Assert.False(IsTainted(valid: [2], (2, null)));

    [Fact]
    public void IsTainted_ApprovalWasWeighedByOneOfTwo_IsNot() => Assert.False(IsTainted(valid: [2, 3], From(2, 1, Since), (3, null)));

    [Fact]
    public void IsTainted_NoRecord_IsNot() => Assert.False(IsTainted(valid: [2]));

    [Fact]
    public void IsTainted_NothingValid_IsNot() => Assert.False(IsTainted(valid: [], From(2, 1, Since)));

    [Fact]
    public void IsTainted_RecordsInACircle_Ends() => Assert.False(IsTainted(valid: [3], From(3, 2, Since), From(2, 3, Since)));

    private static (long Version, ResignedFrom? Source) From(long version, long source, DateTimeOffset? attested) =>
        (version, new ResignedFrom(Key.Version(source).ToString(), "projects/acme-prod/occurrences/1", "sha256:" + new string('a', 64), attested));

    private static bool IsTainted(long[] valid, params (long Version, ResignedFrom? Source)[] records)
    {
        var revoked = new KeyRecord(Key.Version(1), KeyRecordKind.Revoked, Since.AddDays(200), "", SignatureAlgorithm.Default, "leaked") { CompromisedSince = Since };
        return TaintReader.IsTainted(
            valid.Select(version => Key.Version(version).PublicKeyId).ToHashSet(StringComparer.Ordinal),
            records.ToDictionary(record => Key.Version(record.Version), record => record.Source),
            revoked);
    }
}
