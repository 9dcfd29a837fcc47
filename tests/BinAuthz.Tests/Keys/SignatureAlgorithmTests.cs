using System.Security.Cryptography;
using BinAuthz.Keys;
using BinAuthzAlgorithm = Google.Cloud.BinaryAuthorization.V1.PkixPublicKey.Types.SignatureAlgorithm;
using KmsAlgorithm = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm;

namespace BinAuthz.Tests.Keys;

public sealed class SignatureAlgorithmTests
{
    [Theory]
    [InlineData("ec-sign-p256-sha256", 12, 9, "SHA256")]
    [InlineData("ec-sign-p384-sha384", 13, 10, "SHA384")]
    [InlineData("ec-sign-p521-sha512", 0, 11, "SHA512")]
    [InlineData("rsa-sign-pss-2048-sha256", 2, 1, "SHA256")]
    [InlineData("rsa-sign-pss-3072-sha256", 3, 2, "SHA256")]
    [InlineData("rsa-sign-pss-4096-sha256", 4, 3, "SHA256")]
    [InlineData("rsa-sign-pss-4096-sha512", 15, 4, "SHA512")]
    [InlineData("rsa-sign-pkcs1-2048-sha256", 5, 5, "SHA256")]
    [InlineData("rsa-sign-pkcs1-3072-sha256", 6, 6, "SHA256")]
    [InlineData("rsa-sign-pkcs1-4096-sha256", 7, 7, "SHA256")]
    [InlineData("rsa-sign-pkcs1-4096-sha512", 16, 8, "SHA512")]
    [InlineData("pq-sign-ml-dsa-65", 56, 13, null)]
    public void Table_Algorithm_HasBothApisNumbers(string name, int kms, int binAuthz, string? digest)
    {
        var algorithm = SignatureAlgorithm.Parse(name);

        Assert.Equal(kms, (int)algorithm.Kms);
        Assert.Equal(binAuthz, (int)algorithm.BinAuthz);
        Assert.Equal(digest, algorithm.Digest?.Name);
        Assert.Same(algorithm, SignatureAlgorithm.FromBinAuthz((BinAuthzAlgorithm)binAuthz));
        Assert.Same(kms == 0 ? null : algorithm, SignatureAlgorithm.FromKms((KmsAlgorithm)kms));
        Assert.Equal(name, algorithm.ToString());
    }

    [Fact]
    public void Table_All_CoversEveryNumberOfBinaryAuthorization()
    {
        var numbers = Enum.GetValues<BinAuthzAlgorithm>().Where(value => value != BinAuthzAlgorithm.Unspecified).Distinct().Order();

        Assert.Equal(numbers, SignatureAlgorithm.All.Select(algorithm => algorithm.BinAuthz).Order());
    }

    [Theory]
    [InlineData("ECDSA_P256_SHA256")]
    [InlineData("EC_SIGN_P256_SHA256")]
    [InlineData("ecdsa-p256-sha256")]
    public void Parse_Aliases_AreTheSameAlgorithm(string name) => Assert.Same(SignatureAlgorithm.Default, SignatureAlgorithm.Parse(name));

    [Theory]
    [InlineData("")]
    [InlineData("ec-sign-ed25519")]
    [InlineData("rsa-sign-raw-pkcs1-2048")]
    [InlineData("EC-SIGN-P256-SHA256")]
    public void Parse_NotUsable_NamesThoseThatAre(string name)
    {
        var error = Assert.Throws<FormatException>(() => SignatureAlgorithm.Parse(name));

        Assert.Contains("ec-sign-p256-sha256", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KmsAlgorithm.EcSignEd25519)]
    [InlineData(KmsAlgorithm.EcSignSecp256K1Sha256)]
    [InlineData(KmsAlgorithm.RsaSignRawPkcs12048)]
    [InlineData(KmsAlgorithm.GoogleSymmetricEncryption)]
    [InlineData(KmsAlgorithm.Unspecified)]
    public void FromKms_NotUsable_IsNull(KmsAlgorithm algorithm) => Assert.Null(SignatureAlgorithm.FromKms(algorithm));

    [Fact]
    public void Hash_EachDigest_IsThePlatforms()
    {
        var data = TestData.Bytes("attestation/payload-gcloud.json");

        Assert.Equal("f5c15f433cbbdf4393d559fe4b177d273cb55d6a81a657d56974e58bdaa9ba2a", Convert.ToHexStringLower(SignatureAlgorithm.Default.Hash(data)));
        Assert.Equal(SHA384.HashData(data), SignatureAlgorithm.Parse("ec-sign-p384-sha384").Hash(data));
        Assert.Equal(SHA512.HashData(data), SignatureAlgorithm.Parse("rsa-sign-pss-4096-sha512").Hash(data));
    }

    [Fact]
    public void Hash_MlDsa_SaysThatDataIsSigned()
    {
        var algorithm = SignatureAlgorithm.Parse("ML_DSA_65");

        Assert.False(algorithm.SignsDigest);
        Assert.Contains("signs the data itself", Assert.Throws<InvalidOperationException>(() => algorithm.Hash([1])).Message, StringComparison.Ordinal);
    }
}
