using System.Security.Cryptography;
using Google.Cloud.Kms.V1;
using AlgorithmName = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm;

namespace BinAuthz.Emulator.Kms;

/// <summary>What a signing algorithm of Cloud KMS means: the algorithms that Binary Authorization accepts.</summary>
/// <param name="Digest">The digest field of a request that fits; None when the algorithm hashes by itself.</param>
/// <param name="Hash">The hash, for algorithms that sign a digest.</param>
/// <param name="RsaBits">The modulus, for RSA.</param>
/// <param name="Padding">The padding, for RSA; PSS salts are as long as the hash.</param>
internal sealed record KeyAlgorithm(Digest.DigestOneofCase Digest, HashAlgorithmName Hash, int RsaBits = 0, RSASignaturePadding? Padding = null)
{
    private static readonly Dictionary<AlgorithmName, KeyAlgorithm> Table = new()
    {
        [AlgorithmName.EcSignP256Sha256] = Sha256(),
        [AlgorithmName.EcSignP384Sha384] = new(Google.Cloud.Kms.V1.Digest.DigestOneofCase.Sha384, HashAlgorithmName.SHA384),
        [AlgorithmName.RsaSignPss2048Sha256] = Sha256(2048, RSASignaturePadding.Pss),
        [AlgorithmName.RsaSignPss3072Sha256] = Sha256(3072, RSASignaturePadding.Pss),
        [AlgorithmName.RsaSignPss4096Sha256] = Sha256(4096, RSASignaturePadding.Pss),
        [AlgorithmName.RsaSignPss4096Sha512] = Sha512(4096, RSASignaturePadding.Pss),
        [AlgorithmName.RsaSignPkcs12048Sha256] = Sha256(2048, RSASignaturePadding.Pkcs1),
        [AlgorithmName.RsaSignPkcs13072Sha256] = Sha256(3072, RSASignaturePadding.Pkcs1),
        [AlgorithmName.RsaSignPkcs14096Sha256] = Sha256(4096, RSASignaturePadding.Pkcs1),
        [AlgorithmName.RsaSignPkcs14096Sha512] = Sha512(4096, RSASignaturePadding.Pkcs1),
        [AlgorithmName.PqSignMlDsa65] = new(Google.Cloud.Kms.V1.Digest.DigestOneofCase.None, default),
    };

    /// <summary>The length of a digest in bytes.</summary>
    public int DigestLength => Digest switch
    {
        Google.Cloud.Kms.V1.Digest.DigestOneofCase.Sha256 => SHA256.HashSizeInBytes,
        Google.Cloud.Kms.V1.Digest.DigestOneofCase.Sha384 => SHA384.HashSizeInBytes,
        Google.Cloud.Kms.V1.Digest.DigestOneofCase.Sha512 => SHA512.HashSizeInBytes,
        _ => 0,
    };

    /// <summary>The algorithm of that name, or null when it is not a signing algorithm that is emulated.</summary>
    public static KeyAlgorithm? Find(AlgorithmName name) => Table.GetValueOrDefault(name);

    private static KeyAlgorithm Sha256(int rsaBits = 0, RSASignaturePadding? padding = null) => new(Google.Cloud.Kms.V1.Digest.DigestOneofCase.Sha256, HashAlgorithmName.SHA256, rsaBits, padding);

    private static KeyAlgorithm Sha512(int rsaBits, RSASignaturePadding padding) => new(Google.Cloud.Kms.V1.Digest.DigestOneofCase.Sha512, HashAlgorithmName.SHA512, rsaBits, padding);
}
