using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using BinAuthz.Denials;

namespace BinAuthz.Alerting;

/// <summary>An alert for programs, as <c>alert.schema.json</c> says.</summary>
internal static class AlertJson
{
    // Never embedded in HTML; image names and quotes stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One JSON object in UTF-8, without a line break: the fields of <see cref="Alert"/> in camelCase; facts by name; without a cause when there is none.</summary>
    public static byte[] Write(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("id", alert.Id);
            writer.WriteString("stage", AlertNames.Of(alert.Stage));
            writer.WriteString("kind", AlertNames.Of(alert.Kind));
            writer.WriteString("severity", AlertNames.Of(alert.Severity));
            writer.WriteString("environment", alert.Environment);
            writer.WriteString("title", alert.Title);
            writer.WriteString("detail", alert.Detail);
            writer.WriteString("command", alert.Command);
            if (alert.Cause is { } cause)
            {
                writer.WriteString("cause", cause.ToString());
            }

            writer.WriteString("group", alert.Group);
            writer.WriteNumber("count", alert.Count);
            writer.WriteString("from", Rfc3339.Write(alert.From));
            writer.WriteString("until", Rfc3339.Write(alert.Until));
            WriteLists(writer, alert);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static Alert Read(JsonElement json)
    {
        return new Alert(
            Text("id"),
            Enum.Parse<AlertStage>(Text("stage"), ignoreCase: true),
            Enum.Parse<FindingKind>(Text("kind"), ignoreCase: true),
            Enum.Parse<AlertSeverity>(Text("severity"), ignoreCase: true),
            Text("environment"),
            Text("title"),
            Text("detail"),
            Text("command"),
            json.GetProperty("count").GetInt32(),
            json.GetProperty("from").GetDateTimeOffset(),
            json.GetProperty("until").GetDateTimeOffset())
        {
            Cause = json.TryGetProperty("cause", out var cause) ? Enum.Parse<DiagnosisCause>(cause.GetString()!) : null,
            Group = Text("group"),
            Facts = [.. json.GetProperty("facts").EnumerateObject().Select(fact => KeyValuePair.Create(fact.Name, fact.Value.GetString()!))],
            Message = Text("message"),
            Items = [.. json.GetProperty("items").EnumerateArray().Select(item => item.GetString()!)],
        };

        string Text(string name) => json.GetProperty(name).GetString()!;
    }

    private static void WriteLists(Utf8JsonWriter writer, Alert alert)
    {
        writer.WriteStartObject("facts");
        foreach (var (name, value) in alert.Facts)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteString("message", alert.Message);
        writer.WriteStartArray("items");
        foreach (var item in alert.Items)
        {
            writer.WriteStringValue(item);
        }

        writer.WriteEndArray();
    }
}
