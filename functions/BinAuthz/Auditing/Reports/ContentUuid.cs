using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace BinAuthz.Auditing.Reports;

/// <summary>UUIDs that follow from what they name (RFC 9562, version 5), so that a report gives the same document every time.</summary>
internal static class ContentUuid
{
    // Made once for this.
    private static readonly Guid Namespace = new("6f0b3a56-5a0e-4e0c-9d5e-0d6f3f5c2b71");

    /// <summary>The UUID of a kind of thing by its name.</summary>
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Version 5 is defined with SHA-1, and no decision rests on it.")]
    public static string Of(string kind, string name)
    {
        var text = Encoding.UTF8.GetBytes($"{kind}\n{name}");
        var hash = SHA1.HashData([.. Namespace.ToByteArray(bigEndian: true), .. text]).AsSpan(0, 16);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true).ToString();
    }
}
