using System.Text.Json;
using System.Text.Json.Nodes;
using CloudNative.CloudEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Framework.LegacyEvents;

/// <summary>Turns a request without CloudEvent headers (an event of the first generation, or a raw Pub/Sub push) into a CloudEvent.</summary>
internal static class LegacyEventReader
{
    private const string JsonContentType = "application/json";

    public static async Task<CloudEvent> ReadAsync(HttpRequest request, CloudEventFormatter formatter, ILogger logger)
    {
        // The exact text: that is what the senders of such events use, and all that the framework takes.
        if (request.ContentType != JsonContentType)
        {
            throw new UnreadableEventException(
                $"Content-Type '{request.ContentType}' without ce-specversion: a CloudEvent needs ce- headers or application/cloudevents+json, any other event {JsonContentType}.");
        }

        var body = await ParseAsync(request);
        var legacyEvent = PubSubPush.IsPush(body)
            ? PubSubPush.Read(body, request.Path, logger)
            : ReadLegacy(body);
        return ToCloudEvent(legacyEvent, formatter);
    }

    private static async Task<JsonObject> ParseAsync(HttpRequest request)
    {
        try
        {
            var node = await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return node as JsonObject ?? throw new UnreadableEventException("The body is not a JSON object.");
        }
        catch (JsonException e)
        {
            throw new UnreadableEventException($"The body is not JSON: {e.Message}", e);
        }
    }

    private static LegacyEvent ReadLegacy(JsonObject body)
    {
        var context = body.OptionalObject("context");
        var resource = context?.OptionalObject("resource");

        string? id = context?.OptionalString("eventId") ?? body.OptionalString("eventId");
        string? type = context?.OptionalString("eventType") ?? body.OptionalString("eventType");
        if (body.OptionalObject("data") is not { } data || string.IsNullOrEmpty(id) || string.IsNullOrEmpty(type))
        {
            throw new UnreadableEventException("The event is malformed: it needs data (an object), eventId and eventType.");
        }

        return new LegacyEvent(id, type, resource?.OptionalString("service"), resource?.OptionalString("name") ?? body.OptionalString("resource"), data)
        {
            Timestamp = context?.OptionalTime("timestamp") ?? body.OptionalTime("timestamp"),
            Domain = body.OptionalString("domain"),
        };
    }

    private static CloudEvent ToCloudEvent(LegacyEvent legacyEvent, CloudEventFormatter formatter)
    {
        var mapping = LegacyEventTypes.Find(legacyEvent.Type);
        string service = legacyEvent.Service ?? mapping.Service;
        string resource = !string.IsNullOrEmpty(legacyEvent.Resource)
            ? legacyEvent.Resource
            : throw new UnreadableEventException($"Event '{legacyEvent.Id}' of type '{legacyEvent.Type}' names no resource.");

        var origin = mapping.Locate(legacyEvent, resource);
        var cloudEvent = new CloudEvent
        {
            Id = legacyEvent.Id,
            Type = mapping.CloudEventType,
            Source = new Uri($"//{service}/{origin.SourcePath}", UriKind.RelativeOrAbsolute),
            Subject = origin.Subject,
            Time = legacyEvent.Timestamp,
            DataContentType = JsonContentType,
        };
        if (origin.Extension is var (name, value))
        {
            cloudEvent[CloudEventAttribute.CreateExtension(name, CloudEventAttributeType.String)] = value;
        }

        formatter.DecodeBinaryModeEventData(JsonMembers.ToUtf8Bytes(mapping.Reshape(legacyEvent)), cloudEvent);
        return cloudEvent;
    }
}
