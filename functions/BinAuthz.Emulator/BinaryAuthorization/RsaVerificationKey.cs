using System.Security.Cryptography;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>RSA; PSS salts are as long as the hash.</summary>
internal sealed class RsaVerificationKey : VerificationKey
{
    private readonly HashAlgorithmName hash;
    private readonly RSASignaturePadding padding;
    private readonly InstancePool<RSA> instances;

    public RsaVerificationKey(string pem, int bits, HashAlgorithmName hash, RSASignaturePadding padding)
    {
        this.hash = hash;
        this.padding = padding;
        instances = new InstancePool<RSA>(() =>
        {
            var key = RSA.Create();
            key.ImportFromPem(pem);
            return key;
        });
        if (instances.Use(key => key.KeySize) is var size && size != bits)
        {
            throw new CryptographicException($"the key has {size} bits, not {bits}.");
        }
    }

    public override bool Verifies(byte[] payload, byte[] signature) => instances.Use(key => key.VerifyData(payload, signature, hash, padding));
}
