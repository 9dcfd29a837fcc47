using System.Security.Cryptography;

namespace BinAuthz.Keys;

/// <summary>The bytes in a PEM text, by which one public key is told from another: line ends and what stands around them may differ.</summary>
internal static class PublicKeyBytes
{
    /// <summary>Whether both texts hold the same bytes; a text that holds none is like no other.</summary>
    public static bool AreSame(string? one, string? other) => Read(one) is { } left && Read(other) is { } right && left.AsSpan().SequenceEqual(right);

    /// <summary>The bytes of the first PEM block; null: there is none.</summary>
    public static byte[]? Read(string? pem)
    {
        if (pem is null || !PemEncoding.TryFind(pem, out var fields))
        {
            return null;
        }

        var bytes = new byte[fields.DecodedDataLength];
        return Convert.TryFromBase64String(pem[fields.Base64Data], bytes, out var written) && written == bytes.Length ? bytes : null;
    }
}
