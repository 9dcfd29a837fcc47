using System.Security.Cryptography;

namespace BinAuthz.Emulator.Kms;

/// <summary>ML-DSA-65, which signs the data itself.</summary>
internal sealed class MlDsaSigningKey(byte[] pkcs8) : ISigningKey
{
    private readonly InstancePool<MLDsa> instances = new(() => MLDsa.ImportPkcs8PrivateKey(pkcs8));

    public byte[] Sign(byte[] input) => instances.Use(key => key.SignData(input));
}
