using System.Security.Cryptography;

namespace BinAuthz.Emulator.Kms;

/// <summary>ECDSA; signatures are the ASN.1 DER sequence of r and s, as Cloud KMS returns them.</summary>
internal sealed class EcSigningKey(byte[] pkcs8) : ISigningKey
{
    private readonly InstancePool<ECDsa> instances = new(() =>
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return key;
    });

    public byte[] Sign(byte[] input) => instances.Use(key => key.SignHash(input, DSASignatureFormat.Rfc3279DerSequence));
}
