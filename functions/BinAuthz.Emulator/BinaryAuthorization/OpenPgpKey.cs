using System.Buffers.Binary;
using System.Security.Cryptography;
using BinAuthz.Emulator.Hosting;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>What Binary Authorization needs of a PGP key to list it; signatures by it are not verified here.</summary>
internal static class OpenPgpKey
{
    private const string Begin = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
    private const string End = "-----END PGP PUBLIC KEY BLOCK-----";
    private const int PublicKeyPacket = 6;

    /// <summary>The id of an armored key: its version 4 fingerprint in upper-case hex (proto: AttestorPublicKey.id; RFC 4880, sections 4.2, 6.2 and 12.2).</summary>
    public static string Id(string armored)
    {
        var packet = Dearmor(armored);
        var body = Body(packet);
        if (body.Length < 6 || body[0] != 4)
        {
            throw Invalid("its first packet is no version 4 public key");
        }

        var hashed = new byte[3 + body.Length];
        hashed[0] = 0x99;
        BinaryPrimitives.WriteUInt16BigEndian(hashed.AsSpan(1), (ushort)body.Length);
        body.CopyTo(hashed.AsSpan(3));
#pragma warning disable CA5350 // The fingerprint is defined so.
        return Convert.ToHexString(SHA1.HashData(hashed));
#pragma warning restore CA5350
    }

    private static byte[] Dearmor(string armored)
    {
        var text = armored.ReplaceLineEndings("\n").Trim();
        var blank = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (!text.StartsWith(Begin, StringComparison.Ordinal) || !text.EndsWith(End, StringComparison.Ordinal) || blank < 0)
        {
            throw Invalid("it is no armored public key block");
        }

        var lines = text[(blank + 2)..^End.Length].Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeWhile(line => line[0] != '=');
        try
        {
            return Convert.FromBase64String(string.Concat(lines));
        }
        catch (FormatException)
        {
            throw Invalid("it is not Base64");
        }
    }

    private static ReadOnlySpan<byte> Body(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < 3 || (packet[0] & 0x80) == 0)
        {
            return [];
        }

        var isNew = (packet[0] & 0x40) != 0;
        var tag = isNew ? packet[0] & 0x3F : (packet[0] >> 2) & 0x0F;
        var (start, length) = isNew ? NewLength(packet) : OldLength(packet);
        return tag == PublicKeyPacket && start > 0 && packet.Length >= start + length ? packet.Slice(start, length) : [];
    }

    private static (int Start, int Length) NewLength(ReadOnlySpan<byte> packet) => packet[1] switch
    {
        < 192 => (2, packet[1]),
        < 224 => (3, ((packet[1] - 192) << 8) + packet[2] + 192),
        _ => (0, 0),
    };

    private static (int Start, int Length) OldLength(ReadOnlySpan<byte> packet) => (packet[0] & 3) switch
    {
        0 => (2, packet[1]),
        1 => (3, BinaryPrimitives.ReadUInt16BigEndian(packet[1..])),
        _ => (0, 0),
    };

    private static Grpc.Core.RpcException Invalid(string why) => Errors.Invalid($"ascii_armored_pgp_public_key cannot be used: {why}.");
}
