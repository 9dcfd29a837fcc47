namespace BinAuthz.Cli.Oci;

/// <summary>Recognises gzip.</summary>
internal static class Gzip
{
    /// <summary>Whether a seekable stream begins as gzip does; its position stays.</summary>
    public static bool IsGzip(Stream stream)
    {
        Span<byte> start = stackalloc byte[2];
        var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Seek(-read, SeekOrigin.Current);
        return read == 2 && start[0] == 0x1f && start[1] == 0x8b;
    }
}
