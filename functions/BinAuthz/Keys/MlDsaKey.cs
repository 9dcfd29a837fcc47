using System.Security.Cryptography;
using X509PublicKey = System.Security.Cryptography.X509Certificates.PublicKey;

namespace BinAuthz.Keys;

/// <summary>An ML-DSA-65 key, where the platform has the algorithm (OpenSSL 3.5, Windows 11 25H2).</summary>
internal sealed class MlDsaKey : IImportedKey
{
    private const string MlDsa65 = "2.16.840.1.101.3.4.3.18";

    private readonly MLDsa key;

    public MlDsaKey(byte[] subjectPublicKeyInfo)
    {
        if (!MLDsa.IsSupported)
        {
            throw new PlatformNotSupportedException("ML_DSA_65 needs OpenSSL 3.5 or later, which this machine does not have. Use an EC or RSA key, or run on a platform that has it.");
        }

        // The platform's own import of this structure is still marked experimental; its parts are not.
        var parsed = X509PublicKey.CreateFromSubjectPublicKeyInfo(subjectPublicKeyInfo, out var read);
        if (read != subjectPublicKeyInfo.Length || parsed.Oid.Value != MlDsa65)
        {
            throw new CryptographicException($"it must be ML-DSA-65 and is {parsed.Oid.Value}");
        }

        key = MLDsa.ImportMLDsaPublicKey(MLDsaAlgorithm.MLDsa65, parsed.EncodedKeyValue.RawData);
    }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        signature.Length == key.Algorithm.SignatureSizeInBytes && key.VerifyData(data, signature);
}
