using BinAuthz.Auditing.Scanning;
using BinAuthz.Rotation;

namespace BinAuthz.Tests.Auditing.Scanning;

public sealed class FormerKeyTests
{
    private static readonly KeyRecord Trusted = new(CleanFacts.Version, KeyRecordKind.Trusted, CleanFacts.Now.AddDays(-10), "old", BinAuthz.Keys.SignatureAlgorithm.Default, "listed");

    [Fact]
    public void From_NotRevoked_IsNeverCompromised()
    {
        var key = From(Trusted, Trusted with { At = CleanFacts.Now.AddDays(-9), Pem = "new" }, Trusted with { At = CleanFacts.Now.AddDays(-11), Pem = "older" });

        Assert.Equal((DateTimeOffset.MaxValue, "new", null), (key.CompromisedSince, key.Key.Pem, key.Revocation));
    }

    [Fact]
    public void From_RevokedTwice_TheEarliestTimeCounts()
    {
        var first = Trusted with { Kind = KeyRecordKind.Revoked, At = CleanFacts.Now.AddDays(-2) };
        var second = first with { At = CleanFacts.Now.AddDays(-1), CompromisedSince = CleanFacts.Now.AddDays(-5) };

        Assert.Equal(CleanFacts.Now.AddDays(-5), From(Trusted, first, second).CompromisedSince);
        Assert.Equal(CleanFacts.Now.AddDays(-2), From(Trusted, first, first with { At = CleanFacts.Now }).CompromisedSince);
    }

    private static FormerKey From(params KeyRecord[] records) => FormerKey.From(records.GroupBy(record => record.Version).Single());
}
