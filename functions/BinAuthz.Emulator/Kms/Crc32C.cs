using System.Buffers.Binary;
using System.Numerics;

namespace BinAuthz.Emulator.Kms;

/// <summary>The checksum by which Cloud KMS and its callers detect corruption on the way: CRC-32C (Castagnoli).</summary>
internal static class Crc32C
{
    public static long Of(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (var value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
