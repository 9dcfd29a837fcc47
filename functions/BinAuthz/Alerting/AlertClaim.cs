using System.Buffers;
using System.Text.Json;

namespace BinAuthz.Alerting;

/// <summary>The opening of a window with its first alert, as it is stored once and never changed.</summary>
/// <param name="Opening">The opening.</param>
/// <param name="First">The first alert.</param>
internal sealed record AlertClaim(AlertOpening Opening, Alert First)
{
    /// <summary>The window.</summary>
    public AlertWindow Window => Opening.Window;

    /// <summary>As JSON in UTF-8.</summary>
    public byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("entry", Opening.Entry.ToString());
            writer.WriteString("at", Opening.At);
            writer.WriteString("until", Opening.Until);
            writer.WritePropertyName("first");
            writer.WriteRawValue(AlertJson.Write(First));
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static AlertClaim Read(AlertWindow window, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var opening = new AlertOpening(
            window, LoggedAt.Parse(root.GetProperty("entry").GetString()!), root.GetProperty("at").GetDateTimeOffset(), root.GetProperty("until").GetDateTimeOffset());
        return new AlertClaim(opening, AlertJson.Read(root.GetProperty("first")));
    }
}
