using System.Security.Cryptography;

namespace BinAuthz.Keys;

/// <summary>An elliptic curve key. Signatures are DER, which is not what the platform takes by default.</summary>
internal sealed class EcdsaKey : IImportedKey
{
    private readonly ECDsa key = ECDsa.Create();
    private readonly HashAlgorithmName digest;

    public EcdsaKey(SignatureAlgorithm algorithm, byte[] subjectPublicKeyInfo)
    {
        digest = algorithm.Digest!.Value;
        key.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out var read);
        var curve = key.ExportParameters(includePrivateParameters: false).Curve;
        if (read != subjectPublicKeyInfo.Length || !curve.IsNamed || curve.Oid.Value != CurveOid(algorithm.KeySize))
        {
            throw new CryptographicException($"it must be on the named curve P-{algorithm.KeySize}");
        }
    }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        key.VerifyData(data, signature, digest, DSASignatureFormat.Rfc3279DerSequence);

    private static string? CurveOid(int size) => size switch
    {
        256 => ECCurve.NamedCurves.nistP256.Oid.Value,
        384 => ECCurve.NamedCurves.nistP384.Oid.Value,
        _ => ECCurve.NamedCurves.nistP521.Oid.Value,
    };
}
