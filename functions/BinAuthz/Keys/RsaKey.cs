using System.Security.Cryptography;

namespace BinAuthz.Keys;

/// <summary>An RSA key with one padding. The platform's PSS salt is as long as the digest, as Cloud KMS' is.</summary>
internal sealed class RsaKey : IImportedKey
{
    private readonly RSA key = RSA.Create();
    private readonly HashAlgorithmName digest;
    private readonly RSASignaturePadding padding;

    public RsaKey(SignatureAlgorithm algorithm, byte[] subjectPublicKeyInfo)
    {
        digest = algorithm.Digest!.Value;
        padding = algorithm.Padding!;
        key.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out var read);
        if (read != subjectPublicKeyInfo.Length || key.KeySize != algorithm.KeySize)
        {
            throw new CryptographicException($"it must be RSA with {algorithm.KeySize} bits and has {key.KeySize}");
        }
    }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => key.VerifyData(data, signature, digest, padding);
}
