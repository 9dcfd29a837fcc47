using System.Text.Encodings.Web;
using System.Text.Json;
using BinAuthz.Approval;

namespace BinAuthz.Decisions;

/// <summary>Writes a decision as <c>decision.schema.json</c> says.</summary>
internal static class DecisionJson
{
    // Never embedded in HTML; URIs and quotes stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One JSON document in UTF-8, without a line break.</summary>
    public static byte[] Write(Decision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(2048);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", 1);
            writer.WriteString("time", Rfc3339.Write(decision.Time));
            writer.WriteString("environment", decision.Environment);
            writer.WriteString("attestor", decision.Attestor.ToString());
            writer.WriteString("image", decision.Image.ToString());
            writer.WriteString("digest", decision.Image.Digest.Value);
            writer.WriteString("outcome", decision.Outcome);
            writer.WriteString("detail", decision.Detail);
            writer.WriteString("mode", decision.Mode == ApprovalMode.DryRun ? "dryRun" : "enforce");
            writer.WriteString("policy", decision.PolicyDigest);
            RuleJson.Write(writer, "rules", decision.Rules);
            WriteAct(writer, decision);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteAct(Utf8JsonWriter writer, Decision decision)
    {
        if (decision.Key is { } key)
        {
            writer.WriteString("keyVersion", key.ToString());
        }

        writer.WriteStartArray("attestations");
        foreach (var attested in decision.Attestations)
        {
            writer.WriteStartObject();
            writer.WriteString("image", attested.Image.ToString());
            writer.WriteString("name", attested.Occurrence);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (decision.MessageId is { } message)
        {
            writer.WriteString("messageId", message);
        }
    }
}
