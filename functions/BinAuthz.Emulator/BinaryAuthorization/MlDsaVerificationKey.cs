using System.Security.Cryptography;
using BinAuthz.Emulator.Hosting;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>ML-DSA-65.</summary>
internal sealed class MlDsaVerificationKey : VerificationKey
{
    private readonly InstancePool<MLDsa> instances;

    private MlDsaVerificationKey(string pem)
    {
        instances = new InstancePool<MLDsa>(() => MLDsa.ImportFromPem(pem));
        if (instances.Use(key => key.Algorithm) != MLDsaAlgorithm.MLDsa65)
        {
            throw new CryptographicException("the key is not one of ML-DSA-65.");
        }
    }

    public static MlDsaVerificationKey Import(string pem) => MLDsa.IsSupported
        ? new MlDsaVerificationKey(pem)
        : throw Errors.Unimplemented("ML_DSA_65 needs ML-DSA from the operating system (OpenSSL 3.5 or later), which this machine lacks.");

    public override bool Verifies(byte[] payload, byte[] signature) => instances.Use(key => key.VerifyData(payload, signature));
}
