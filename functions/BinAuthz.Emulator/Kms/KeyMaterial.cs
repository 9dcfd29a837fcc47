using System.Security.Cryptography;
using AlgorithmName = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionAlgorithm;

namespace BinAuthz.Emulator.Kms;

/// <summary>A fresh key pair.</summary>
/// <param name="Private">PKCS #8.</param>
/// <param name="PublicPem">SubjectPublicKeyInfo in PEM, with a final line feed as Cloud KMS writes it.</param>
internal sealed record KeyMaterial(byte[] Private, string PublicPem)
{
    public static KeyMaterial Generate(AlgorithmName name)
    {
        if (name == AlgorithmName.PqSignMlDsa65)
        {
            using var key = MLDsa.GenerateKey(MLDsaAlgorithm.MLDsa65);
            return new KeyMaterial(key.ExportPkcs8PrivateKey(), key.ExportSubjectPublicKeyInfoPem() + "\n");
        }

        using AsymmetricAlgorithm pair = name switch
        {
            AlgorithmName.EcSignP256Sha256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            AlgorithmName.EcSignP384Sha384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            _ => RSA.Create(KeyAlgorithm.Find(name)!.RsaBits),
        };
        return new KeyMaterial(pair.ExportPkcs8PrivateKey(), pair.ExportSubjectPublicKeyInfoPem() + "\n");
    }

    /// <summary>Imports a private key once for many signatures.</summary>
    public static ISigningKey Import(AlgorithmName name, byte[] pkcs8) => name switch
    {
        AlgorithmName.PqSignMlDsa65 => new MlDsaSigningKey(pkcs8),
        AlgorithmName.EcSignP256Sha256 or AlgorithmName.EcSignP384Sha384 => new EcSigningKey(pkcs8),
        _ => new RsaSigningKey(pkcs8, KeyAlgorithm.Find(name)!),
    };
}
