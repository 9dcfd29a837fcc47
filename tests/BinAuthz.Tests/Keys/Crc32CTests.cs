using System.Text.Json;
using BinAuthz.Keys;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Keys;

public sealed class Crc32CTests
{
    [Fact]
    public void Of_CheckInput_IsTheCheckValue() => Assert.Equal(0xE3069283, Crc32C.Of("123456789"u8));

    [Fact]
    public void Of_SamplePublicKey_IsWhatCloudKmsSends()
    {
        using var sample = JsonDocument.Parse(TestData.Bytes("kms/public-key.json"));
        var pem = System.Text.Encoding.UTF8.GetBytes(sample.RootElement.GetProperty("pem").GetString()!);

        Assert.Equal(sample.RootElement.GetProperty("pemCrc32c").GetString(), Crc32C.Of(pem).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Property]
    public bool Of_AnyBytes_AsBitByBit(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82F63B78;
            }
        }

        return Crc32C.Of(bytes) == ~crc;
    }
}
