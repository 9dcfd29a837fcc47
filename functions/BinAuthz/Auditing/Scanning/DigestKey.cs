using System.Buffers.Binary;
using BinAuthz.Images;

namespace BinAuthz.Auditing.Scanning;

/// <summary>An image digest in 32 bytes: of images there are many, and of their attestations many more.</summary>
internal readonly record struct DigestKey(ulong First, ulong Second, ulong Third, ulong Fourth) : IComparable<DigestKey>
{
    /// <summary>How many bytes it has.</summary>
    public const int Size = 32;

    private const string Prefix = "sha256:";

    /// <summary>Of a digest.</summary>
    public static DigestKey Of(ImageDigest digest) => TryParseHex(digest.Value.AsSpan(Prefix.Length), out var key) ? key : throw new FormatException($"{digest} is no digest.");

    /// <summary>Reads the bytes of a digest.</summary>
    public static DigestKey Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]));

    /// <summary>Reads 64 lower-case hex digits.</summary>
    public static bool TryParseHex(ReadOnlySpan<char> hex, out DigestKey key)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var isDigest = hex.Length == 2 * Size && !hex.ContainsAnyInRange('A', 'F') && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        key = isDigest ? Read(bytes) : default;
        return isDigest;
    }

    /// <summary>Reads what a resource URI ends with after its last <c>@</c>.</summary>
    public static bool TryParseResource(string resourceUri, out DigestKey key)
    {
        key = default;
        var end = resourceUri.AsSpan(resourceUri.LastIndexOf('@') + 1);
        return end.Length < resourceUri.Length && end.StartsWith(Prefix, StringComparison.Ordinal) && TryParseHex(end[Prefix.Length..], out key);
    }

    /// <summary>Writes its bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, First);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Second);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], Third);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], Fourth);
    }

    /// <summary>The digest.</summary>
    public ImageDigest ToDigest() => ImageDigest.Parse(ToString());

    public int CompareTo(DigestKey other) =>
        First != other.First ? First.CompareTo(other.First)
        : Second != other.Second ? Second.CompareTo(other.Second)
        : Third != other.Third ? Third.CompareTo(other.Third)
        : Fourth.CompareTo(other.Fourth);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        return Prefix + Convert.ToHexStringLower(bytes);
    }
}
