using System.Text;
using BinAuthz.Attestations;
using BinAuthz.Functions.Events;
using BinAuthz.Keys;
using BinAuthz.Signing;

namespace BinAuthz.Tests.Functions;

public sealed class RotateRequestTests
{
    private static readonly DateTimeOffset Now = new(2026, 10, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly SigningIdentity Production = Subject("production-attestor", "attestor-key");
    private static readonly SigningIdentity Scanned = Subject("production-scanned", "production-scanned-key");

    [Theory]
    [InlineData("", false)]
    [InlineData("{}", false)]
    [InlineData(" {}\n", false)]
    [InlineData("""{"renew":false}""", false)]
    [InlineData("""{"renew":true}""", true)]
    public void Read_NoRevocation_Rotates(string body, bool renews)
    {
        var request = Read(body);

        Assert.Equal((renews, null), (request.Renews, request.Revoke));
        Assert.Empty(request.Revocations([Production], Now));
    }

    [Theory]
    [InlineData("[]", "no JSON object")]
    [InlineData("true", "no JSON object")]
    [InlineData("{} {}", "no JSON")]
    [InlineData("{\"renew\":", "no JSON document")]
    [InlineData("""{"renew":"yes"}""", "'renew' is neither true nor false")]
    [InlineData("""{"revok":{}}""", "'revok' is not known")]
    [InlineData("""{"revoke":"3"}""", "'revoke' is no object")]
    [InlineData("""{"revoke":{"version":"3","since":"2026-09-30"}}""", "no 'reason'")]
    [InlineData("""{"revoke":{"version":"3","since":"2026-09-30","reason":"lost","force":true}}""", "'force' is not known")]
    [InlineData("""{"renew":true,"revoke":{"version":"3","since":"2026-09-30","reason":"lost"}}""", "makes a successor by itself")]
    public void Read_WhatCannotBeMeant_IsUnreadable(string body, string rule) =>
        Assert.Contains(rule, Assert.Throws<UnreadableEventException>(() => Read(body)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"3\"")]
    [InlineData("3")]
    [InlineData("\"projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key/cryptoKeyVersions/3\"")]
    public void Revocations_OneKey_TakesANumberOrAName(string version)
    {
        var (subject, request) = Assert.Single(Read(Revoke(version)).Revocations([Production], Now));

        Assert.Equal((Production, Production.Key.Version(3), "a laptop was stolen", "the rotate-key function"), (subject, request.Version, request.Reason, request.By));
        Assert.Equal("2026-09-30T00:00:00.000Z", Rfc3339.Write(request.CompromisedSince));
    }

    [Fact]
    public void Revocations_SeveralKeys_IsThoseOfTheNamedKey()
    {
        var also = Production with { Attestor = Scanned.Attestor };

        var revocations = Read(Revoke($"\"{Production.Key.Version(3)}\"")).Revocations([Production, Scanned, also], Now);

        Assert.Equal([Production, also], revocations.Select(each => each.Subject));
    }

    [Theory]
    [InlineData("\"3\"", "2026-09-30", "could be of 2 keys")]
    [InlineData("\"projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/3\"", "2026-09-30", "is a version of none of the keys")]
    [InlineData("\"projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/3\"", "2027-09-30", "still to come")]
    public void Revocations_CannotBeMeant_IsUnreadable(string version, string since, string rule) => Assert.Contains(
        rule, Assert.Throws<UnreadableEventException>(() => Read(Revoke(version, since)).Revocations([Production, Scanned], Now)).Message, StringComparison.Ordinal);

    private static string Revoke(string version, string since = "2026-09-30") => $$$"""{"revoke":{"version":{{{version}}},"since":"{{{since}}}","reason":"a laptop was stolen"}}""";

    private static RotateRequest Read(string body) => RotateRequest.Read(Encoding.UTF8.GetBytes(body));

    private static SigningIdentity Subject(string attestor, string key) => new(
        "production",
        AttestorName.Parse($"projects/acme-prod/attestors/{attestor}"),
        KeyName.Parse($"projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/{key}"));
}
