using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BinAuthz.Emulator.Storage;

/// <summary>The two checksums of an object.</summary>
internal static class Checksums
{
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "md5Hash is part of the API.")]
    public static byte[] Md5(byte[] content) => MD5.HashData(content);

    /// <summary>CRC32C, big-endian.</summary>
    public static byte[] Crc32C(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(content);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (var last in content[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, last);
        }

        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ~crc);
        return bytes;
    }
}
