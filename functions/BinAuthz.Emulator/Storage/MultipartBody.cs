using System.Text;

namespace BinAuthz.Emulator.Storage;

/// <summary>
/// The two parts of a multipart/related upload, metadata and content. gcloud ends lines with LF alone, which
/// ASP.NET's reader refuses; therefore the body is cut by hand.
/// </summary>
internal static class MultipartBody
{
    /// <exception cref="StorageException">400: not two parts.</exception>
    public static (string Metadata, string? ContentType, byte[] Content) Read(string contentType, byte[] body)
    {
        var boundary = Boundary(contentType);
        var parts = boundary.Length == 0 ? [] : Parts(body, Encoding.UTF8.GetBytes("--" + boundary));
        if (parts.Count != 2)
        {
            throw StorageException.Invalid($"A multipart upload has two parts, metadata and content; this one has {parts.Count}.");
        }

        return (Encoding.UTF8.GetString(parts[0].Body), parts[1].ContentType, parts[1].Body);
    }

    // gcloud quotes the boundary as Python does, with apostrophes, and it holds equals signs: no valid header for ASP.NET.
    private static string Boundary(string contentType) => contentType.Split(';', StringSplitOptions.TrimEntries)
        .FirstOrDefault(parameter => parameter.StartsWith("boundary=", StringComparison.OrdinalIgnoreCase))?["boundary=".Length..].Trim('"', '\'') ?? "";

    private static List<(string? ContentType, byte[] Body)> Parts(byte[] body, byte[] delimiter)
    {
        var parts = new List<(string?, byte[])>();
        var start = Next(body, delimiter, 0);
        while (start >= 0)
        {
            var end = Next(body, delimiter, start + delimiter.Length);
            if (end >= 0)
            {
                parts.Add(Part(body.AsSpan((start + delimiter.Length)..end)));
            }

            start = end;
        }

        return parts;
    }

    // A delimiter stands at the beginning of a line.
    private static int Next(byte[] body, byte[] delimiter, int from)
    {
        while (from < body.Length)
        {
            var offset = body.AsSpan(from).IndexOf(delimiter);
            if (offset < 0)
            {
                return -1;
            }

            if (from + offset == 0 || body[from + offset - 1] == '\n')
            {
                return from + offset;
            }

            from += offset + 1;
        }

        return -1;
    }

    private static (string? ContentType, byte[] Body) Part(ReadOnlySpan<byte> part)
    {
        string? contentType = null;
        part = part[(part.IndexOf((byte)'\n') + 1)..];
        while (part.Length > 0)
        {
            var length = part.IndexOf((byte)'\n') + 1;
            var line = Encoding.ASCII.GetString(part[..length]).TrimEnd();
            part = part[length..];
            if (line.Length == 0 || length == 0)
            {
                break;
            }

            contentType = line.StartsWith("content-type:", StringComparison.OrdinalIgnoreCase) ? line["content-type:".Length..].Trim() : contentType;
        }

        var newline = part.EndsWith("\r\n"u8) ? 2 : 1;
        return (contentType, part[..^Math.Min(newline, part.Length)].ToArray());
    }
}
