using System.Text.Encodings.Web;
using System.Text.Json;
using BinAuthz.Approval.Provenance;

namespace BinAuthz.Decisions;

/// <summary>A DSSE envelope in JSON (docs: secure-systems-lab/dsse, envelope.md): a payload, its type, and signatures over both.</summary>
internal sealed record DsseEnvelope(string PayloadType, ReadOnlyMemory<byte> Payload, IReadOnlyList<DsseSignature> Signatures)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>What a signature covers: the one place where signed bytes come from.</summary>
    public static byte[] Covered(string payloadType, ReadOnlySpan<byte> payload) => DssePreAuthEncoding.Encode(payloadType, payload);

    /// <summary>The envelope as it is stored.</summary>
    public byte[] ToBytes()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("payloadType", PayloadType);
            writer.WriteBase64String("payload", Payload.Span);
            writer.WriteStartArray("signatures");
            foreach (var signature in Signatures)
            {
                writer.WriteStartObject();
                writer.WriteString("keyid", signature.KeyId);
                writer.WriteBase64String("sig", signature.Value.Span);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads the envelope, and not its payload: that is nobody's word before a signature verified.</summary>
    /// <exception cref="FormatException">It has other fields than these three, or one of them is not as it must be.</exception>
    public static DsseEnvelope Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var root = document.RootElement;
            DemandOnly(root, "payloadType", "payload", "signatures");
            return new DsseEnvelope(JsonFields.Text(root, "payloadType"), Bytes(root, "payload"), [.. JsonFields.Array(JsonFields.Get(root, "signatures")).Select(Signature)]);
        }
        catch (JsonException error)
        {
            throw new FormatException($"it is not JSON: {error.Message}", error);
        }
    }

    private static DsseSignature Signature(JsonElement json)
    {
        DemandOnly(json, "keyid", "sig");
        return new DsseSignature(JsonFields.Text(json, "keyid"), Bytes(json, "sig"));
    }

    private static byte[] Bytes(JsonElement json, string name) =>
        JsonFields.Get(json, name) is { ValueKind: JsonValueKind.String } value && value.TryGetBytesFromBase64(out var bytes) ? bytes : throw new FormatException($"its field '{name}' is not base64");

    private static void DemandOnly(JsonElement json, params string[] names)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"an object is expected, and {json.ValueKind} is there");
        }

        foreach (var field in json.EnumerateObject().Where(field => !names.Contains(field.Name)))
        {
            throw new FormatException($"it has the field '{field.Name}', which no DSSE envelope has");
        }
    }
}
