using System.Security.Cryptography;

namespace BinAuthz.Emulator.Kms;

/// <summary>RSA with the padding and hash of the algorithm.</summary>
internal sealed class RsaSigningKey(byte[] pkcs8, KeyAlgorithm algorithm) : ISigningKey
{
    private readonly InstancePool<RSA> instances = new(() =>
    {
        var key = RSA.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return key;
    });

    public byte[] Sign(byte[] input) => instances.Use(key => key.SignHash(input, algorithm.Hash, algorithm.Padding!));
}
