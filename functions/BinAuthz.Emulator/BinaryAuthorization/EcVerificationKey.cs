using System.Security.Cryptography;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>ECDSA with signatures in ASN.1 DER.</summary>
internal sealed class EcVerificationKey : VerificationKey
{
    private readonly HashAlgorithmName hash;
    private readonly InstancePool<ECDsa> instances;

    public EcVerificationKey(string pem, int bits, HashAlgorithmName hash)
    {
        this.hash = hash;
        instances = new InstancePool<ECDsa>(() =>
        {
            var key = ECDsa.Create();
            key.ImportFromPem(pem);
            return key;
        });
        if (instances.Use(key => key.KeySize) is var size && size != bits)
        {
            throw new CryptographicException($"the key has {size} bits, not {bits}.");
        }
    }

    public override bool Verifies(byte[] payload, byte[] signature) =>
        instances.Use(key => key.VerifyData(payload, signature, hash, DSASignatureFormat.Rfc3279DerSequence));
}
