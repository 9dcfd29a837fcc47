using System.Runtime.InteropServices;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;

namespace BinAuthz.Functions.Events;

/// <summary>Reads and writes <see cref="MessagePublished"/> without reflection; a body that cannot be read becomes data that says so.</summary>
internal sealed class MessagePublishedFormatter : JsonEventFormatter
{
    /// <inheritdoc />
    public override void DecodeBinaryModeEventData(ReadOnlyMemory<byte> body, CloudEvent cloudEvent)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        cloudEvent.Data = cloudEvent.Type == MessagePublished.AuditLogEventType
            ? new MessagePublished { Message = new PubsubMessage { MessageId = cloudEvent.Id ?? "", Data = body }, Body = body }
            : Read(body);
    }

    /// <inheritdoc />
    public override ReadOnlyMemory<byte> EncodeBinaryModeEventData(CloudEvent cloudEvent)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        return cloudEvent.Data is MessagePublished data
            ? JsonSerializer.SerializeToUtf8Bytes(data, EventJson.Default.MessagePublished)
            : ReadOnlyMemory<byte>.Empty;
    }

    /// <inheritdoc />
    protected override void DecodeStructuredModeDataProperty(JsonElement dataElement, CloudEvent cloudEvent) =>
        DecodeBinaryModeEventData(JsonMarshal.GetRawUtf8Value(dataElement).ToArray(), cloudEvent);

    /// <inheritdoc />
    protected override void DecodeStructuredModeDataBase64Property(JsonElement dataBase64Element, CloudEvent cloudEvent) =>
        DecodeBinaryModeEventData(dataBase64Element.GetBytesFromBase64(), cloudEvent);

    /// <inheritdoc />
    protected override void EncodeStructuredModeData(CloudEvent cloudEvent, Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(DataPropertyName);
        JsonSerializer.Serialize(writer, (MessagePublished)cloudEvent.Data!, EventJson.Default.MessagePublished);
    }

    /// <summary>Reads the body of a push request or of an event; what cannot be read says so.</summary>
    public static MessagePublished Read(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return Unreadable(body, "The event has no body; a Pub/Sub event has {\"message\":{...}}.");
        }

        try
        {
            var data = JsonSerializer.Deserialize(body.Span, EventJson.Default.MessagePublished);
            return data switch
            {
                null or { Message: null } => Unreadable(body, "The event's body has no 'message'."),
                { Message.MessageId: null or "" } => Unreadable(body, "The event's message has no 'messageId'."),
                _ => data with { Body = body },
            };
        }
        catch (JsonException e)
        {
            return Unreadable(body, $"The event's body is not a Pub/Sub message: {e.Message}");
        }
    }

    private static MessagePublished Unreadable(ReadOnlyMemory<byte> body, string problem) => new() { Body = body, Problem = problem };
}
