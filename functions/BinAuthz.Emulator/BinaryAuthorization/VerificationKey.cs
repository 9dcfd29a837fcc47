using System.Security.Cryptography;
using BinAuthz.Emulator.Hosting;
using Google.Cloud.BinaryAuthorization.V1;
using SignatureAlgorithm = Google.Cloud.BinaryAuthorization.V1.PkixPublicKey.Types.SignatureAlgorithm;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>A public key of an attestor, ready to verify signatures of one algorithm from any thread.</summary>
internal abstract class VerificationKey
{
    /// <summary>Imports a key.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: the PEM is not a public key, or not one for the algorithm.</exception>
    public static VerificationKey Import(PkixPublicKey key)
    {
        try
        {
            return key.SignatureAlgorithm switch
            {
                SignatureAlgorithm.EcdsaP256Sha256 => new EcVerificationKey(key.PublicKeyPem, 256, HashAlgorithmName.SHA256),
                SignatureAlgorithm.EcdsaP384Sha384 => new EcVerificationKey(key.PublicKeyPem, 384, HashAlgorithmName.SHA384),
                SignatureAlgorithm.EcdsaP521Sha512 => new EcVerificationKey(key.PublicKeyPem, 521, HashAlgorithmName.SHA512),
                SignatureAlgorithm.RsaPss2048Sha256 => Pss(key, 2048, HashAlgorithmName.SHA256),
                SignatureAlgorithm.RsaPss3072Sha256 => Pss(key, 3072, HashAlgorithmName.SHA256),
                SignatureAlgorithm.RsaPss4096Sha256 => Pss(key, 4096, HashAlgorithmName.SHA256),
                SignatureAlgorithm.RsaPss4096Sha512 => Pss(key, 4096, HashAlgorithmName.SHA512),
                SignatureAlgorithm.RsaSignPkcs12048Sha256 => Pkcs1(key, 2048, HashAlgorithmName.SHA256),
                SignatureAlgorithm.RsaSignPkcs13072Sha256 => Pkcs1(key, 3072, HashAlgorithmName.SHA256),
                SignatureAlgorithm.RsaSignPkcs14096Sha256 => Pkcs1(key, 4096, HashAlgorithmName.SHA256),
                SignatureAlgorithm.RsaSignPkcs14096Sha512 => Pkcs1(key, 4096, HashAlgorithmName.SHA512),
                SignatureAlgorithm.MlDsa65 => MlDsaVerificationKey.Import(key.PublicKeyPem),
                _ => throw Errors.Invalid($"signature_algorithm {WireName.Of(key.SignatureAlgorithm)} is not supported; it must name the algorithm of the key."),
            };
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw Errors.Invalid($"public_key_pem is not a public key (SubjectPublicKeyInfo in PEM) for {WireName.Of(key.SignatureAlgorithm)}: {error.Message}");
        }
    }

    /// <summary>Whether the signature is one over these bytes.</summary>
    public abstract bool Verifies(byte[] payload, byte[] signature);

    /// <summary>The key id that RFC 6920 makes of a key: the SHA-256 of its SubjectPublicKeyInfo.</summary>
    public static string DefaultId(string pem)
    {
        var fields = PemEncoding.Find(pem);
        var hash = SHA256.HashData(Convert.FromBase64String(pem[fields.Base64Data]));
        return "ni:///sha-256;" + Convert.ToBase64String(hash).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    private static RsaVerificationKey Pss(PkixPublicKey key, int bits, HashAlgorithmName hash) => new(key.PublicKeyPem, bits, hash, RSASignaturePadding.Pss);

    private static RsaVerificationKey Pkcs1(PkixPublicKey key, int bits, HashAlgorithmName hash) => new(key.PublicKeyPem, bits, hash, RSASignaturePadding.Pkcs1);
}
