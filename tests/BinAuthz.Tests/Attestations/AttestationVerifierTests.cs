using System.Security.Cryptography;
using System.Text;
using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Tests.Attestations;

public sealed class AttestationVerifierTests
{
    private const string KeyIds = "//cloudkms.googleapis.com/v1/projects/acme-security/locations/us-central1/keyRings/binauthz/cryptoKeys/release-signer/cryptoKeyVersions/";

    private static readonly ImageDigest Digest = ImageDigest.Parse("sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc");
    private static readonly Attestation Sample = AttestationSamples.Attestation("occurrence-gcloud-style.json");
    private static readonly Attestor Release = AttestationSamples.Attestor("attestor-single-key.json");

    [Theory]
    [InlineData("attestor-single-key.json", "occurrence-gcloud-style.json", "1")]
    [InlineData("attestor-single-key.json", "occurrence-https-style.json", "1")]
    [InlineData("attestor-single-key.json", "occurrence-two-signatures.json", "1")]
    [InlineData("attestor-mid-rotation.json", "occurrence-gcloud-style.json", "1")]
    [InlineData("attestor-mid-rotation.json", "occurrence-two-signatures.json", "1")]
    public void Verify_Sample_IsValid(string attestor, string occurrence, string version)
    {
        var verdict = new AttestationVerifier(AttestationSamples.Attestor(attestor)).Verify(AttestationSamples.Attestation(occurrence), Digest);

        Assert.Equal(new AttestationVerdict.Valid(KeyIds + version), verdict);
    }

    [Fact]
    public void Verify_SecondSignatureCounts_IsValid()
    {
        var rotated = AttestationSamples.Attestor("attestor-mid-rotation.json");
        var retired = rotated with { Keys = [rotated.Keys[1]] };

        var verdict = new AttestationVerifier(retired).Verify(AttestationSamples.Attestation("occurrence-two-signatures.json"), Digest);

        Assert.Equal(new AttestationVerdict.Valid(KeyIds + "2"), verdict);
    }

    [Fact]
    public void Verify_NoKeys_SaysThatNoneIsListed() =>
        AssertInvalid(AttestationSamples.Attestor("attestor-no-keys.json"), Sample, AttestationFault.UnknownKey, "lists no keys");

    [Fact]
    public void Verify_UnknownKey_NamesBothIds()
    {
        var rotated = AttestationSamples.Attestor("attestor-mid-rotation.json");
        var invalid = AssertInvalid(rotated with { Keys = [rotated.Keys[1]] }, Sample, AttestationFault.UnknownKey, $"'{KeyIds}1'");

        Assert.Contains($"'{KeyIds}2'", invalid.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_NoSignature_SaysSo() =>
        AssertInvalid(Release, Sample with { Signatures = [] }, AttestationFault.NoSignature, "no signature");

    [Fact]
    public void Verify_OtherKeyUnderTheId_IsABadSignature()
    {
        var other = AttestationSamples.Attestor("attestor-mid-rotation.json").Keys[1] with { Id = KeyIds + "1" };

        AssertInvalid(Release with { Keys = [other] }, Sample, AttestationFault.BadSignature, "does not verify");
    }

    [Fact]
    public void Verify_UnreadableKey_NamesItAndDoesNotHideAGoodOne()
    {
        var good = Release.Keys[0];
        var bad = good with { Pem = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n" };

        AssertInvalid(Release with { Keys = [bad] }, Sample, AttestationFault.UnreadableKey, "cannot be used");
        Assert.IsType<AttestationVerdict.Valid>(new AttestationVerifier(Release with { Keys = [bad, good] }).Verify(Sample, Digest));
        Assert.IsType<AttestationVerdict.Valid>(new AttestationVerifier(Release with { Keys = [bad with { Id = "other" }, good] }).Verify(Sample, Digest));
    }

    [Theory]
    [InlineData("attestation/payload-compact.json")]
    public void Verify_OtherBytesOfTheSameMeaning_IsABadSignature(string payload) =>
        AssertInvalid(Release, Sample with { Payload = TestData.Bytes(payload) }, AttestationFault.BadSignature, "over the stored payload");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Verify_SeveralSignaturesThatDoNotCount_IsTheGravestFault(bool badFirst)
    {
        var bad = Sample.Signatures[0] with { Value = new byte[64] };
        var unknown = Sample.Signatures[0] with { PublicKeyId = "unknown" };

        var invalid = AssertInvalid(Release, Sample with { Signatures = badFirst ? [bad, unknown] : [unknown, bad] }, AttestationFault.BadSignature, "does not verify");

        Assert.Contains("'unknown'", invalid.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_UnreadableKeyAfterOneThatReads_IsABadSignature()
    {
        var other = AttestationSamples.Attestor("attestor-mid-rotation.json").Keys[1] with { Id = KeyIds + "1" };
        var unreadable = other with { Pem = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n" };

        AssertInvalid(Release with { Keys = [other, unreadable] }, Sample, AttestationFault.BadSignature, "does not verify");
    }

    [Fact]
    public void Verify_UnsignedPayloadOfAnotherImage_IsUnsigned() =>
        AssertInvalid(Release, Sample with { Payload = "{}"u8.ToArray(), Signatures = [] }, AttestationFault.NoSignature, "no signature");

    [Fact]
    public void Verify_Nothing_Throws()
    {
        Assert.Throws<ArgumentNullException>(() => new AttestationVerifier(Release).Verify(null!, Digest));
        Assert.Throws<ArgumentNullException>(() => new AttestationVerifier(Release).Verify(Sample, null!));
    }

    [Fact]
    public void Verify_OtherNote_NamesBoth()
    {
        var invalid = AssertInvalid(Release, Sample with { Note = NoteName.Parse("projects/acme-security/notes/other") }, AttestationFault.OtherNote, "projects/acme-security/notes/other");

        Assert.Contains("projects/acme-security/notes/release-signed", invalid.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_OtherImage_IsAboutAnotherResource() =>
        Assert.Equal(AttestationFault.OtherResource, Assert.IsType<AttestationVerdict.Invalid>(new AttestationVerifier(Release).Verify(Sample, ImageDigest.Of([1]))).Code);

    [Fact]
    public void Verify_MovedToAnotherImage_IsAboutAnotherDigest()
    {
        var other = ImageDigest.Of([1]);
        var moved = Sample with { ResourceUri = $"https://us-docker.pkg.dev/acme-prod/apps/web@{other}" };

        var invalid = Assert.IsType<AttestationVerdict.Invalid>(new AttestationVerifier(Release).Verify(moved, other));

        Assert.Equal(AttestationFault.OtherDigest, invalid.Code);
        Assert.Contains(Digest.Value, invalid.Reason, StringComparison.Ordinal);
        Assert.Contains(other.Value, invalid.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Google cloud binauthz container signature", null)]
    [InlineData("Google Cloud BinAuthz container signature", null)]
    [InlineData("atomic container signature", AttestationFault.OtherType)]
    public void Verify_PayloadType_OnlyTheTwoKnownForms(string type, object? fault) =>
        Assert.Equal(fault, Fault($$$"""{"critical":{"image":{"docker-manifest-digest":"{{{Digest}}}"},"type":"{{{type}}}"}}"""));

    [Theory]
    [InlineData("another/registry/and.repository")]
    [InlineData("")]
    public void Verify_AnyDockerReference_IsNotMatched(string reference) =>
        Assert.Null(Fault($$$"""{"critical":{"identity":{"docker-reference":"{{{reference}}}"},"image":{"docker-manifest-digest":"{{{Digest}}}"},"type":"Google cloud binauthz container signature"}}"""));

    [Fact]
    public void Verify_SignedNonsense_IsAnUnexpectedMessage() => Assert.Equal(AttestationFault.UnreadablePayload, Fault("hello"));

    [Theory]
    [InlineData("attestor-mid-rotation.json", "1,2")]
    [InlineData("attestor-single-key.json", "1")]
    [InlineData("attestor-no-keys.json", "")]
    public void SignersOf_TwoSignatures_AreAllWhoseKeyIsListed(string attestor, string versions)
    {
        var signers = new AttestationVerifier(AttestationSamples.Attestor(attestor)).SignersOf(AttestationSamples.Attestation("occurrence-two-signatures.json"), Digest);

        Assert.Equal(versions.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(version => KeyIds + version), signers);
    }

    [Fact]
    public void SignersOf_BadKeyUnderTheSameId_DoesNotHideTheGoodOne()
    {
        var good = Release.Keys[0];
        var bad = good with { Pem = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n" };

        Assert.Equal([good.Id], new AttestationVerifier(Release with { Keys = [bad, good] }).SignersOf(Sample, Digest));
        Assert.Empty(new AttestationVerifier(Release with { Keys = [bad] }).SignersOf(Sample, Digest));
    }

    [Fact]
    public void SignersOf_WhatDoesNotCount_AreNone()
    {
        var verifier = new AttestationVerifier(Release);

        Assert.Empty(verifier.SignersOf(Sample, ImageDigest.Of([1])));
        Assert.Empty(verifier.SignersOf(Sample with { Note = NoteName.Parse("projects/acme-prod/notes/other") }, Digest));
        Assert.Empty(verifier.SignersOf(Sample with { ResourceUri = $"https://a.example/b@{ImageDigest.Of([1])}" }, ImageDigest.Of([1])));
    }

    // Signs any text as the attestor would, and verifies it.
    private static object? Fault(string payload)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var bytes = Encoding.UTF8.GetBytes(payload);
        var attestor = Release with { Keys = [new AttestorKey("k", key.ExportSubjectPublicKeyInfoPem(), SignatureAlgorithm.Default, "")] };
        var signature = new AttestationSignature("k", key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        return (new AttestationVerifier(attestor).Verify(Sample with { Payload = bytes, Signatures = [signature] }, Digest) as AttestationVerdict.Invalid)?.Code;
    }

    private static AttestationVerdict.Invalid AssertInvalid(Attestor attestor, Attestation attestation, AttestationFault code, string reason)
    {
        var invalid = Assert.IsType<AttestationVerdict.Invalid>(new AttestationVerifier(attestor).Verify(attestation, Digest));
        Assert.Equal(code, invalid.Code);
        Assert.Contains(reason, invalid.Reason, StringComparison.Ordinal);
        return invalid;
    }
}
