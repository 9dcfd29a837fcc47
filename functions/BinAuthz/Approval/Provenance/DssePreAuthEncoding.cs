using System.Globalization;
using System.Text;

namespace BinAuthz.Approval.Provenance;

/// <summary>The bytes that a DSSE signature covers: type and body with their lengths, so that neither can pass for the other.</summary>
internal static class DssePreAuthEncoding
{
    /// <summary><c>DSSEv1 LEN(type) type LEN(body) body</c>.</summary>
    public static byte[] Encode(string payloadType, ReadOnlySpan<byte> payload)
    {
        var length = Encoding.UTF8.GetByteCount(payloadType);
        var header = string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {length} {payloadType} {payload.Length} ");
        return [.. Encoding.UTF8.GetBytes(header), .. payload];
    }
}
