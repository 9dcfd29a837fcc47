using System.Text;
using BinAuthz.Attestations;
using BinAuthz.Decisions;
using BinAuthz.Images;

namespace BinAuthz.Tests.Decisions;

public sealed class DecisionVerifierTests : IDisposable
{
    private readonly DecisionSamples samples = new();
    private readonly byte[] statement = DecisionSamples.Summary.ToBytes();

    public void Dispose() => samples.Dispose();

    [Fact]
    public void Verify_SignedRecord_CountsForTheImageAndItsPlatforms()
    {
        var record = samples.Sign(statement).ToBytes();

        Assert.Equal(DecisionSamples.Key.PublicKeyId, Assert.IsType<DecisionVerdict.Valid>(Verify(record, DecisionSamples.Image.Digest)).KeyId);
        Assert.IsType<DecisionVerdict.Valid>(Verify(record, DecisionSamples.Platform));
    }

    [Fact]
    public void Verify_OtherDigest_DoesNotCount() =>
        Assert.Contains("it is about", Refusal(samples.Sign(statement).ToBytes(), ImageDigest.Parse($"sha256:{new string('c', 64)}")).Reason, StringComparison.Ordinal);

    [Fact]
    public void Verify_ChangedPayload_DoesNotCountAndIsNotRead()
    {
        var forged = samples.Sign(statement) with { Payload = "not even JSON"u8.ToArray() };

        Assert.Contains("the signature does not verify", Refusal(forged.ToBytes()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_ForeignKeyUnderTheAttestorsId_DoesNotCount()
    {
        using var stranger = new DecisionSamples();

        var refusal = Refusal(stranger.Sign(statement).ToBytes());

        Assert.False(refusal.IsUnlistedKey);
        Assert.Contains("the signature does not verify", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_KeyThatIsNotListed_IsToldApart() =>
        Assert.True(Refusal(samples.Sign(statement, keyId: DecisionSamples.Key.Key.Version(1).PublicKeyId).ToBytes()).IsUnlistedKey);

    [Fact]
    public void Verify_NoSignature_DoesNotCount() =>
        Assert.Contains("no signature", Refusal((samples.Sign(statement) with { Signatures = [] }).ToBytes()).Reason, StringComparison.Ordinal);

    [Fact]
    public void Verify_OtherPayloadType_DoesNotCount() =>
        Assert.Contains("text/plain", Refusal(samples.Sign(statement, "text/plain").ToBytes()).Reason, StringComparison.Ordinal);

    [Fact]
    public void Verify_DecisionOfAnotherAttestor_DoesNotCount()
    {
        var other = DecisionSamples.Summary with { Attestor = AttestorName.Parse("projects/acme-prod/attestors/qa") };

        Assert.Contains("attestors/qa", Refusal(samples.Sign(other.ToBytes()).ToBytes()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_StatementThatNamesAnotherKeyVersion_DoesNotCount()
    {
        var other = DecisionSamples.Summary with { Key = DecisionSamples.Key.Key.Version(9) };

        Assert.Contains("cryptoKeyVersions/9", Refusal(samples.Sign(other.ToBytes()).ToBytes()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_EveryTruncation_DoesNotCount()
    {
        var record = samples.Sign(statement).ToBytes();

        Assert.All(Enumerable.Range(0, record.Length), length => Assert.IsType<DecisionVerdict.Invalid>(Verify(record[..length], DecisionSamples.Image.Digest)));
    }

    [Theory]
    [InlineData("{\"payloadType\":", "{\"more\":1,\"payloadType\":")]
    [InlineData("{\"payloadType\":", "{\"payload\":\"\",\"payloadType\":")]
    [InlineData("\"keyid\":", "\"cert\":\"\",\"keyid\":")]
    [InlineData("\"payload\":\"", "\"payload\":\"*")]
    [InlineData("\"sig\":\"", "\"sig\":\"-")]
    [InlineData("\"keyid\":", "\"KEYID\":")]
    public void Verify_EnvelopeOfAnotherForm_IsNone(string written, string changed)
    {
        var text = Encoding.UTF8.GetString(samples.Sign(statement).ToBytes()).Replace(written, changed, StringComparison.Ordinal);

        Assert.Contains("no DSSE envelope", Refusal(Encoding.UTF8.GetBytes(text)).Reason, StringComparison.Ordinal);
    }

    private DecisionVerdict Verify(byte[] record, ImageDigest digest) => new DecisionVerifier(samples.Attestor).Verify(record, digest);

    private DecisionVerdict.Invalid Refusal(byte[] record, ImageDigest? digest = null) => Assert.IsType<DecisionVerdict.Invalid>(Verify(record, digest ?? DecisionSamples.Image.Digest));
}
