using System.Security.Cryptography;
using System.Text.Json;
using BinAuthz.Keys;

namespace BinAuthz.Tests.Keys;

public sealed class PublicKeyTests
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(TestData.Bytes("attestation/golden-vectors.json")).RootElement.GetProperty("vectors");

    public static TheoryData<string> VectorNames => [.. Vectors.EnumerateArray().Select(vector => Text(vector, "name"))];

    [Theory]
    [MemberData(nameof(VectorNames))]
    public void Verify_GoldenVector_AsExpected(string name)
    {
        var vector = Vectors.EnumerateArray().Single(candidate => Text(candidate, "name") == name);
        var key = PublicKey.FromPem(Text(vector, "publicKeyPem"), SignatureAlgorithm.Parse(Text(vector, "signatureAlgorithm")));

        var verified = key.Verify(vector.GetProperty("payloadBase64").GetBytesFromBase64(), vector.GetProperty("signatureBase64").GetBytesFromBase64());

        Assert.Equal(vector.GetProperty("expectVerified").GetBoolean(), verified);
        Assert.Same(SignatureAlgorithm.Parse(Text(vector, "kmsAlgorithm")), key.Algorithm);
    }

    [Theory]
    [InlineData("projects")]
    [InlineData("ni")]
    public void DefaultId_GoldenVectors_AsBinaryAuthorizationComputesIt(string kind)
    {
        var expected = Vectors.EnumerateArray().Where(vector => Text(vector, "publicKeyId").StartsWith("ni:", StringComparison.Ordinal) == (kind == "ni"));

        foreach (var vector in expected)
        {
            var id = PublicKey.FromPem(Text(vector, "publicKeyPem"), SignatureAlgorithm.Parse(Text(vector, "signatureAlgorithm"))).DefaultId;
            Assert.Equal(kind == "ni", id == Text(vector, "publicKeyId"));
        }
    }

    [Theory]
    [InlineData("", "not PEM")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "ECDSA_P256_SHA256")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "holds a CERTIFICATE")]
    public void FromPem_NotAKey_SaysWhy(string pem, string reason)
    {
        var error = Assert.Throws<FormatException>(() => PublicKey.FromPem(pem, SignatureAlgorithm.Default));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromPem_PrivateKey_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Throws<FormatException>(() => PublicKey.FromPem(key.ExportPkcs8PrivateKeyPem(), SignatureAlgorithm.Default));
    }

    [Theory]
    [InlineData("ec-sign-p384-sha384", "named curve P-384")]
    [InlineData("rsa-sign-pss-2048-sha256", "RSA_PSS_2048_SHA256")]
    public void FromPem_KeyOfAnotherAlgorithm_IsRefused(string algorithm, string reason)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = key.ExportSubjectPublicKeyInfoPem();

        Assert.False(PublicKey.TryFromPem(pem, SignatureAlgorithm.Parse(algorithm), out _, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void FromPem_RsaOfAnotherSize_IsRefused()
    {
        using var key = RSA.Create(2048);
        var pem = key.ExportSubjectPublicKeyInfoPem();

        Assert.False(PublicKey.TryFromPem(pem, SignatureAlgorithm.Parse("rsa-sign-pkcs1-4096-sha256"), out _, out var error));
        Assert.Contains("4096 bits and has 2048", error, StringComparison.Ordinal);
    }

    [Fact]
    public void FromPem_MlDsa_WorksOrSaysWhatItNeeds()
    {
        var algorithm = SignatureAlgorithm.Parse("pq-sign-ml-dsa-65");
        if (!MLDsa.IsSupported)
        {
            var error = Assert.Throws<PlatformNotSupportedException>(() => PublicKey.FromPem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", algorithm));
            Assert.Contains("OpenSSL 3.5", error.Message, StringComparison.Ordinal);
            return;
        }

        using var key = MLDsa.GenerateKey(MLDsaAlgorithm.MLDsa65);
#pragma warning disable SYSLIB5006 // Marked experimental; the product does without it.
        var pem = PemEncoding.WriteString("PUBLIC KEY", key.ExportSubjectPublicKeyInfo());
#pragma warning restore SYSLIB5006
        var data = new byte[] { 1, 2, 3 };
        var publicKey = PublicKey.FromPem(pem, algorithm);

        Assert.True(publicKey.Verify(data, key.SignData(data)));
        Assert.False(publicKey.Verify([1, 2, 4], key.SignData(data)));
        Assert.False(publicKey.Verify(data, [1]));
    }

    [Fact]
    public void Verify_ManyThreads_AllAgree()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var data = new byte[] { 1, 2, 3 };
        var good = key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        var publicKey = PublicKey.FromPem(key.ExportSubjectPublicKeyInfoPem(), SignatureAlgorithm.Default);
        var wrong = 0;

        Parallel.For(0, 2000, i =>
        {
            var isGood = i % 2 == 0;
            if (publicKey.Verify(isGood ? data : [9], good) != isGood)
            {
                Interlocked.Increment(ref wrong);
            }
        });

        Assert.Equal(0, wrong);
    }

    [Theory]
    [InlineData("ec-sign-p256-sha256")]
    [InlineData("ec-sign-p384-sha384")]
    [InlineData("ec-sign-p521-sha512")]
    public void Verify_TamperedOrGarbledSignature_IsFalse(string name)
    {
        var algorithm = SignatureAlgorithm.Parse(name);
        using var key = ECDsa.Create(algorithm.KeySize switch { 256 => ECCurve.NamedCurves.nistP256, 384 => ECCurve.NamedCurves.nistP384, _ => ECCurve.NamedCurves.nistP521 });
        var data = new byte[] { 1, 2, 3 };
        var signature = key.SignData(data, algorithm.Digest!.Value, DSASignatureFormat.Rfc3279DerSequence);
        var publicKey = PublicKey.FromPem(key.ExportSubjectPublicKeyInfoPem(), algorithm);

        Assert.True(publicKey.Verify(data, signature));
        Assert.False(publicKey.Verify(data, []));
        Assert.False(publicKey.Verify(data, [0x30]));
        Assert.False(publicKey.Verify(data, [.. signature, 0]));
        Assert.False(publicKey.Verify([1, 2], signature));
    }

    private static string Text(JsonElement vector, string name) => vector.GetProperty(name).GetString()!;
}
