using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace BinAuthz.Keys;

/// <summary>
/// A public key that verifies signatures. The PEM is read and checked once; platform key objects, which are not safe for
/// concurrent use and dear to import, are kept in a pool that grows to the number of concurrent callers.
/// </summary>
internal sealed class PublicKey
{
    private readonly byte[] subjectPublicKeyInfo;
    private readonly ConcurrentBag<IImportedKey> idle = [];

    private PublicKey(SignatureAlgorithm algorithm, byte[] subjectPublicKeyInfo)
    {
        Algorithm = algorithm;
        this.subjectPublicKeyInfo = subjectPublicKeyInfo;
        idle.Add(Import());
    }

    public SignatureAlgorithm Algorithm { get; }

    /// <summary>The id that Binary Authorization gives a key whose owner gave none (RFC 6920).</summary>
    public string DefaultId => "ni:///sha-256;" + Base64Url.EncodeToString(SHA256.HashData(subjectPublicKeyInfo));

    /// <summary>Imports a PEM public key (SubjectPublicKeyInfo) for one algorithm.</summary>
    /// <exception cref="FormatException">The text is not such a key, or not of the algorithm's kind and size.</exception>
    /// <exception cref="PlatformNotSupportedException">The algorithm is ML-DSA and the platform lacks it.</exception>
    public static PublicKey FromPem(string pem, SignatureAlgorithm algorithm)
    {
        ArgumentNullException.ThrowIfNull(pem);
        ArgumentNullException.ThrowIfNull(algorithm);
        var bytes = ReadPem(pem);
        try
        {
            return new PublicKey(algorithm, bytes);
        }
        catch (CryptographicException e)
        {
            throw new FormatException($"The PEM text does not hold a public key for {algorithm.BinAuthzName}: {e.Message}", e);
        }
    }

    /// <summary>As <see cref="FromPem"/>, with the reason instead of an exception.</summary>
    public static bool TryFromPem(string? pem, SignatureAlgorithm algorithm, [NotNullWhen(true)] out PublicKey? key, [NotNullWhen(false)] out string? error)
    {
        (key, error) = (null, null);
        try
        {
            key = FromPem(pem ?? "", algorithm);
            return true;
        }
        catch (Exception e) when (e is FormatException or PlatformNotSupportedException)
        {
            error = e.Message;
            return false;
        }
    }

    /// <summary>Whether <paramref name="signature"/> is this key's over exactly these bytes.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var key = idle.TryTake(out var pooled) ? pooled : Import();
        try
        {
            return key.Verify(data, signature);
        }
        catch (CryptographicException)
        {
            // Some platforms throw for signatures that are not even DER.
            return false;
        }
        finally
        {
            idle.Add(key);
        }
    }

    private static byte[] ReadPem(string pem)
    {
        if (!PemEncoding.TryFind(pem, out var fields))
        {
            throw new FormatException("The public key is not PEM text: expected -----BEGIN PUBLIC KEY-----.");
        }

        if (pem[fields.Label] is not "PUBLIC KEY" and var label)
        {
            throw new FormatException($"The PEM text holds a {label}, not a PUBLIC KEY (SubjectPublicKeyInfo).");
        }

        return Convert.FromBase64String(pem[fields.Base64Data]);
    }

    private IImportedKey Import() => Algorithm.Family switch
    {
        SignatureFamily.Ecdsa => new EcdsaKey(Algorithm, subjectPublicKeyInfo),
        SignatureFamily.MlDsa => new MlDsaKey(subjectPublicKeyInfo),
        _ => new RsaKey(Algorithm, subjectPublicKeyInfo),
    };
}
