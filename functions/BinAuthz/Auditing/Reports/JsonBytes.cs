using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BinAuthz.Auditing.Reports;

/// <summary>JSON documents as files: UTF-8, indented, with the same line ends everywhere.</summary>
internal static class JsonBytes
{
    // Never embedded in HTML; URIs and quotes stay readable. Line ends are the same on every machine, because the bytes are signed.
    public static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes of a document.</summary>
    public static byte[] Of(JsonNode document)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            document.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
