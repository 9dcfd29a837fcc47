using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using BinAuthz.Images;

namespace BinAuthz.Attestations;

/// <summary>What an attestation says: this digest was approved. The one place where the signed bytes come from.</summary>
internal sealed record AttestationPayload(string? DockerReference, ImageDigest Digest, string Type)
{
    private const string GcloudType = "Google cloud binauthz container signature";

    private static readonly JsonWriterOptions LikeGcloud = new() { Indented = true, IndentSize = 2, NewLine = "\n" };
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>
    /// Whether the type is one of the two that are documented, <c>Google cloud binauthz …</c> and <c>Google Cloud BinAuthz …</c>.
    /// </summary>
    public bool HasKnownType => string.Equals(Type, GcloudType, StringComparison.OrdinalIgnoreCase);

    /// <summary>The bytes that gcloud signs for this image, to the last line feed.</summary>
    public static byte[] Create(ImageReference image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, LikeGcloud))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("critical");
            writer.WriteStartObject("identity");
            writer.WriteString("docker-reference", image.Name);
            writer.WriteEndObject();
            writer.WriteStartObject("image");
            writer.WriteString("docker-manifest-digest", image.Digest.Value);
            writer.WriteEndObject();
            writer.WriteString("type", GcloudType);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>Reads a payload of any layout: gcloud's, or the compact one of Kritis and Voucher.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> payload, [NotNullWhen(true)] out AttestationPayload? result, [NotNullWhen(false)] out string? error)
    {
        result = null;
        try
        {
            using var document = JsonDocument.Parse(payload, Strict);
            error = Read(document.RootElement, out result);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A text that is no Unicode is found only when it is read, and is an InvalidOperationException.
            error = $"the payload is not JSON: {e.Message}";
        }

        return error is null;
    }

    private static string? Read(JsonElement root, out AttestationPayload? result)
    {
        result = null;
        if (Text(root, "critical", "image", "docker-manifest-digest") is not { } digestText)
        {
            return "the payload has no critical.image.docker-manifest-digest";
        }

        if (!ImageDigest.TryParse(digestText, out var digest))
        {
            return $"critical.image.docker-manifest-digest '{digestText}' is not sha256: and 64 lower-case hex digits";
        }

        if (Text(root, "critical", "type") is not { } type)
        {
            return "the payload has no critical.type";
        }

        result = new AttestationPayload(Text(root, "critical", "identity", "docker-reference"), digest, type);
        return null;
    }

    private static string? Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
    }
}
