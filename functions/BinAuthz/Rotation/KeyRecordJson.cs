using System.Text.Encodings.Web;
using System.Text.Json;
using BinAuthz.Decisions;
using BinAuthz.Keys;

namespace BinAuthz.Rotation;

/// <summary>The document of a <see cref="KeyRecord"/>.</summary>
internal static class KeyRecordJson
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The word for a kind, such as <c>revoked</c>.</summary>
    public static string Word(KeyRecordKind kind) => kind switch
    {
        KeyRecordKind.Trusted => "trusted",
        KeyRecordKind.Retired => "retired",
        KeyRecordKind.Revoked => "revoked",
        _ => "cleared",
    };

    /// <summary>The bytes to keep.</summary>
    public static byte[] Write(KeyRecord record)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("keyVersion", record.Version.ToString());
            writer.WriteString("kind", Word(record.Kind));
            writer.WriteString("at", Rfc3339.Write(record.At));
            writer.WriteString("algorithm", record.Algorithm.BinAuthzName);
            writer.WriteString("publicKeyPem", record.Pem);
            writer.WriteString("reason", record.Reason);
            if (record.CompromisedSince is { } since)
            {
                writer.WriteString("compromisedSince", Rfc3339.Write(since));
            }

            if (record.By.Length > 0)
            {
                writer.WriteString("by", record.By);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what was kept.</summary>
    /// <exception cref="FormatException">It is no such record.</exception>
    public static KeyRecord Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            var kind = JsonFields.Text(root, "kind") switch
            {
                "trusted" => KeyRecordKind.Trusted,
                "retired" => KeyRecordKind.Retired,
                "revoked" => KeyRecordKind.Revoked,
                "cleared" => KeyRecordKind.Cleared,
                { } other => throw new FormatException($"its kind '{other}' is none of trusted, retired, revoked and cleared"),
            };
            return new KeyRecord(
                KeyVersionName.Parse(JsonFields.Text(root, "keyVersion")),
                kind,
                Rfc3339.Read(JsonFields.Text(root, "at")),
                JsonFields.Text(root, "publicKeyPem"),
                SignatureAlgorithm.Parse(JsonFields.Text(root, "algorithm")),
                JsonFields.Text(root, "reason"))
            {
                CompromisedSince = kind == KeyRecordKind.Revoked ? Rfc3339.Read(JsonFields.Text(root, "compromisedSince")) : null,
                By = root.TryGetProperty("by", out _) ? JsonFields.Text(root, "by") : "",
            };
        }
        catch (JsonException error)
        {
            throw new FormatException($"it is no JSON document: {error.Message}", error);
        }
    }
}
