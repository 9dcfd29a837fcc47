using System.Text;
using BinAuthz.Attestations;
using BinAuthz.Auditing.Rules;
using BinAuthz.Auditing.Scanning;

namespace BinAuthz.Tests.Auditing.Scanning;

/// <summary>What is found out about one attestation, and which rules find something.</summary>
public sealed class AttestationInspectorTests
{
    private const string Unknown = "//keys.example/unknown";

    private static byte[] Payload => AttestationPayload.Create(ScanFacts.Image(1));

    private static string Uri => ScanFacts.Image(1).ResourceUri;

    [Theory]
    [InlineData("", 1)]
    [InlineData("", 2)]
    [InlineData("", 1, 2)]
    [InlineData("", 1, 3)]
    [InlineData("BA101", 3)]
    [InlineData("BA101 BA109", 4)]
    [InlineData("BA109", 1, 4)]
    [InlineData("BA102", 5)]
    [InlineData("BA103")]
    public void Rules_SignedByVersions_Find(string rules, params int[] versions) => Assert.Equal(rules, Judge(ScanFacts.Attest(1, [.. versions.Select(version => (long)version)])));

    [Fact]
    public void Inspect_SignedByTrustedKey_IsValidByItOnce()
    {
        var signature = ScanFacts.Sign(1, Payload);
        var inspected = ScanFacts.Inspect(ScanFacts.Store(Uri, Payload, signature, signature));

        Assert.True(inspected.IsValid);
        Assert.Equal([ScanFacts.Key.Version(1).PublicKeyId], inspected.Signers);
    }

    [Fact]
    public void Inspect_SignedByTrustedAndRetiredKey_TellsBoth()
    {
        var inspected = ScanFacts.Inspect(ScanFacts.Attest(1, 2, 3));

        Assert.Equal([ScanFacts.Key.Version(2).PublicKeyId], inspected.Signers);
        Assert.Equal([ScanFacts.Key.Version(3)], inspected.FormerSigners);
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(3, 0, 1)]
    public void Inspect_SignedTwiceByTheSameKey_TellsItOnce(long version, int trusted, int former)
    {
        var inspected = ScanFacts.Inspect(ScanFacts.Attest(1, version, version));

        Assert.Equal((trusted, former), (inspected.Signers.Count, inspected.FormerSigners.Count));
    }

    [Fact]
    public void Inspect_Payload_HasAnErrorOnlyIfItCannotBeRead()
    {
        Assert.Null(ScanFacts.Inspect(ScanFacts.Attest(1, 1)).PayloadError);
        Assert.NotNull(ScanFacts.Inspect(ScanFacts.Store(Uri, [1], ScanFacts.Sign(1, [1]))).PayloadError);
    }

    [Fact]
    public void Rules_SignatureOfAnotherKeyUnderATrustedId_IsBad() =>
        Assert.Equal("BA103", Judge(ScanFacts.Store(Uri, Payload, ScanFacts.Sign(5, Payload, ScanFacts.Key.Version(1).PublicKeyId))));

    [Fact]
    public void Rules_SignatureOfAnotherKeyUnderARetiredId_IsBad() =>
        Assert.Equal("BA103", Judge(ScanFacts.Store(Uri, Payload, ScanFacts.Sign(5, Payload, ScanFacts.Key.Version(3).PublicKeyId))));

    [Fact]
    public void Rules_BadAndUnknown_IsBadOnly() =>
        Assert.Equal("BA103", Judge(ScanFacts.Store(Uri, Payload, ScanFacts.Sign(5, Payload, Unknown), ScanFacts.Sign(5, Payload, ScanFacts.Key.Version(1).PublicKeyId))));

    [Fact]
    public void Rules_BadBesideAGoodOne_IsGood() =>
        Assert.Equal("", Judge(ScanFacts.Store(Uri, Payload, ScanFacts.Sign(5, Payload, ScanFacts.Key.Version(2).PublicKeyId), ScanFacts.Sign(1, Payload))));

    [Fact]
    public void Rules_PayloadOfAnotherImage_IsNotValid()
    {
        var attestation = ScanFacts.Attest(1, 1) with { ResourceUri = ScanFacts.Image(2).ResourceUri };

        Assert.Equal("BA104", Judge(attestation));
        Assert.False(ScanFacts.Inspect(attestation).IsValid);
    }

    [Theory]
    [InlineData("https://acme.example/server:latest")]
    [InlineData("https://acme.example/server@sha256:short")]
    [InlineData("")]
    public void Rules_ResourceWithoutDigest_IsNotValid(string resource)
    {
        var attestation = ScanFacts.Attest(1, 1) with { ResourceUri = resource };

        Assert.Equal("BA104", Judge(attestation));
        Assert.False(ScanFacts.Inspect(attestation).IsValid);
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("""{"critical":{"image":{"docker-manifest-digest":"\ud800"}}}""")]
    [InlineData("""{"critical":{"image":{"docker-manifest-digest":"sha256:1"},"type":"x"}}""")]
    public void Rules_PayloadThatCannotBeRead_IsNotValid(string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        var attestation = ScanFacts.Store(Uri, payload, ScanFacts.Sign(1, payload));

        Assert.Equal("BA105", Judge(attestation));
        Assert.False(ScanFacts.Inspect(attestation).IsValid);
    }

    [Fact]
    public void Rules_PayloadOfAnotherType_IsNotValid()
    {
        var payload = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Payload).Replace("Google cloud binauthz container signature", "atomic container signature", StringComparison.Ordinal));
        var attestation = ScanFacts.Store(Uri, payload, ScanFacts.Sign(1, payload));

        Assert.Equal("BA105", Judge(attestation));
        Assert.False(ScanFacts.Inspect(attestation).IsValid);
    }

    [Fact]
    public void Inspect_RandomBytes_DoesNotThrowAndIsNotValid()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var payload = Payload.Take(random.Next(Payload.Length)).Concat(Bytes(random)).ToArray();
            var attestation = ScanFacts.Store(Uri, payload, new AttestationSignature(ScanFacts.Key.Version(1).PublicKeyId, Bytes(random)));

            Assert.False(ScanFacts.Inspect(attestation).IsValid);
            Assert.NotEqual("", Judge(attestation));
        }
    }

    [Theory]
    [InlineData(AttestationInspector.MaximumSignatures, "")]
    [InlineData(AttestationInspector.MaximumSignatures + 1, "BA110")]
    [InlineData(10_000, "BA110")]
    public void Rules_ManySignatures_AreVerifiedUpToALimit(int count, string rules)
    {
        var signature = ScanFacts.Sign(1, Payload);
        var attestation = ScanFacts.Store(Uri, Payload, [.. Enumerable.Repeat(signature, count)]);

        Assert.Equal(rules, Judge(attestation));
        Assert.Equal(rules.Length == 0, ScanFacts.Inspect(attestation).IsValid);
    }

    [Theory]
    [InlineData(AttestationInspector.MaximumPayload, "BA105")]
    [InlineData(AttestationInspector.MaximumPayload + 1, "BA110")]
    [InlineData(10_000_000, "BA110")]
    public void Rules_LongPayload_IsVerifiedUpToALimit(int length, string rules)
    {
        var payload = new byte[length];

        Assert.Equal(rules, Judge(ScanFacts.Store(Uri, payload, ScanFacts.Sign(1, payload))));
    }

    [Fact]
    public void Rules_KeyThatCannotBeUsed_IsNotVerified()
    {
        var keys = new AuditKeys(ScanFacts.Attestor with { Keys = [ScanFacts.Trusted(1), ScanFacts.Trusted(2) with { Pem = null }] }, []);

        Assert.Equal("BA110", Judge(ScanFacts.Attest(1, 2), keys));
        Assert.Equal("", Judge(ScanFacts.Attest(1, 2, 1), keys));
    }

    [Fact]
    public void Rules_TwoKeysUnderOneId_EitherCounts()
    {
        var id = ScanFacts.Key.Version(1).PublicKeyId;
        var keys = new AuditKeys(ScanFacts.Attestor with { Keys = [ScanFacts.Trusted(2) with { Id = id }, ScanFacts.Trusted(1)] }, []);

        Assert.Equal("", Judge(ScanFacts.Attest(1, 1), keys));
    }

    [Theory]
    [InlineData(-1, "BA101")]
    [InlineData(0, "BA101 BA109")]
    [InlineData(1, "BA101 BA109")]
    public void Rules_SignedByRevokedKey_CountFromWhenOthersMayHaveHadIt(int seconds, string rules) =>
        Assert.Equal(rules, Judge(ScanFacts.Attest(1, 4) with { CreateTime = ScanFacts.CompromisedSince + TimeSpan.FromSeconds(seconds) }));

    [Fact]
    public void Rules_SignedByRevokedKeyAtAnUnknownTime_IsTakenToBeAfter() => Assert.Equal("BA101 BA109", Judge(ScanFacts.Attest(1, 4) with { CreateTime = null }));

    [Fact]
    public void Rules_SignedByRevokedKeyThatIsTrustedAgain_IsFound()
    {
        var keys = new AuditKeys(ScanFacts.Attestor with { Keys = [ScanFacts.Trusted(4)] }, ScanFacts.Records);

        Assert.Equal("BA109", Judge(ScanFacts.Attest(1, 4), keys));
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "BA106")]
    [InlineData(null, "")]
    public void Rules_Image_IsOrphanedOnlyIfItIsKnownToBeGone(bool? hasImage, string rules) => Assert.Equal(rules, Ids(ScanFacts.Inspect(ScanFacts.Attest(1, 1)) with { HasImage = hasImage }));

    [Theory]
    [InlineData(true, true, "BA108")]
    [InlineData(true, false, "")]
    [InlineData(null, true, "")]
    public void Rules_Unrecorded_IsFoundForImagesThatAreThere(bool? hasImage, bool isUnrecorded, string rules) =>
        Assert.Equal(rules, Ids(ScanFacts.Inspect(ScanFacts.Attest(1, 1)) with { HasImage = hasImage, Unrecorded = isUnrecorded ? ["a key"] : [] }));

    [Fact]
    public void Finding_OfAttestation_NamesOccurrenceImageTimeAndWhatWasFound()
    {
        var inspected = ScanFacts.Inspect(ScanFacts.Attest(1, 3));
        var (rule, judge) = AttestationRules.OfOne.Single(each => each.Rule.Id == "BA101");

        var finding = AttestationRules.Finding(rule, inspected, judge(inspected)!);

        Assert.Equal(inspected.Attestation.Name, finding.Resource);
        Assert.Equal(ScanFacts.Digest(1).Value, finding.Image);
        Assert.Equal(inspected.Attestation.CreateTime, finding.Since);
        Assert.Contains(ScanFacts.Key.Version(3).ToString(), finding.Detail, StringComparison.Ordinal);
        Assert.Contains(finding.Evidence, link => link.Name == inspected.Attestation.Name);
    }

    [Fact]
    public void Details_NamesThatSomebodyElseChose_AreShortened()
    {
        var ids = Enumerable.Range(0, 90).Select(number => $"{new string('k', 5000)}{number}");
        var inspected = ScanFacts.Inspect(ScanFacts.Store(Uri, Payload, [.. ids.Select(id => ScanFacts.Sign(5, Payload, id))]));

        var detail = AttestationRules.JudgeUnknownKey(inspected);

        Assert.InRange(detail!.Length, 100, 1000);
        Assert.Contains("87 more", detail, StringComparison.Ordinal);
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(80)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Judge(Attestation attestation, AuditKeys? keys = null) => Ids(new AttestationInspector(keys ?? ScanFacts.Keys).Inspect(attestation));

    private static string Ids(InspectedAttestation inspected) => string.Join(' ', AttestationRules.OfOne.Where(each => each.Judge(inspected) is not null).Select(each => each.Rule.Id).Order(StringComparer.Ordinal));
}
