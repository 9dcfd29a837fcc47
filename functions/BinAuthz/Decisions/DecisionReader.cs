using System.Text.Json;
using BinAuthz.Approval;
using BinAuthz.Attestations;
using BinAuthz.Images;
using BinAuthz.Keys;

namespace BinAuthz.Decisions;

/// <summary>Reads a decision back. Nobody signed it: it is worth as much as the place where it was kept.</summary>
internal static class DecisionReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads what <see cref="DecisionJson.Write"/> wrote.</summary>
    /// <exception cref="FormatException">It is of another form; the message says how.</exception>
    public static Decision Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The latter is thrown for text that is not UTF-8.
            throw new FormatException($"it is not JSON: {error.Message}", error);
        }
    }

    private static Decision Read(JsonElement root) => new(
        Rfc3339.Read(JsonFields.Text(root, "time")),
        JsonFields.Text(root, "environment"),
        AttestorName.Parse(JsonFields.Text(root, "attestor")),
        ImageReference.Parse(JsonFields.Text(root, "image")),
        JsonFields.Text(root, "outcome"),
        JsonFields.Text(root, "detail"),
        JsonFields.Text(root, "mode") == "dryRun" ? ApprovalMode.DryRun : ApprovalMode.Enforce,
        JsonFields.Text(root, "policy"),
        RuleJson.Read(JsonFields.Get(root, "rules")))
    {
        Key = root.TryGetProperty("keyVersion", out _) ? KeyVersionName.Parse(JsonFields.Text(root, "keyVersion")) : null,
        Attestations = [.. JsonFields.Array(JsonFields.Get(root, "attestations")).Select(each => new AttestedImage(ImageReference.Parse(JsonFields.Text(each, "image")), JsonFields.Text(each, "name")))],
        MessageId = root.TryGetProperty("messageId", out _) ? JsonFields.Text(root, "messageId") : null,
    };
}
