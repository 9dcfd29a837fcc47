using System.Diagnostics;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Core;
using CloudNative.CloudEvents.Http;
using Google.Cloud.Functions.Framework.LegacyEvents;
using Google.Cloud.Functions.Logging;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Framework;

/// <summary>Reads the event out of a request: a CloudEvent in binary or structured mode, a Pub/Sub push, or an event of the first generation.</summary>
internal static partial class EventRequest
{
    /// <summary>Reads the event, or answers 400 and returns null.</summary>
    public static async Task<CloudEvent?> TryReadAsync(HttpContext context, CloudEventFormatter formatter, ILogger logger)
    {
        CloudEvent cloudEvent;
        try
        {
            cloudEvent = await ReadAsync(context.Request, formatter, logger);
        }
        // Whatever goes wrong while reading, a foreign formatter's errors included, is the request's fault.
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Refuse(context, logger, e);
            return null;
        }

        TraceLabels.Set(Activity.Current, TraceLabels.EventId, cloudEvent.Id);
        TraceLabels.Set(Activity.Current, TraceLabels.EventType, cloudEvent.Type);
        return cloudEvent;
    }

    /// <summary>Answers that the request cannot be read, and logs why.</summary>
    public static void Refuse(HttpContext context, ILogger logger, Exception reason)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        LogUnreadable(logger, reason.Message);
    }

    private static Task<CloudEvent> ReadAsync(HttpRequest request, CloudEventFormatter formatter, ILogger logger)
    {
        if (MimeUtilities.IsCloudEventsContentType(request.ContentType))
        {
            return ReadStructuredAsync(request, formatter);
        }

        return request.Headers.ContainsKey(HttpUtilities.SpecVersionHttpHeader)
            ? ReadBinaryAsync(request, formatter)
            : LegacyEventReader.ReadAsync(request, formatter, logger);
    }

    private static async Task<CloudEvent> ReadStructuredAsync(HttpRequest request, CloudEventFormatter formatter)
    {
        var body = await ReadBodyAsync(request);
        var contentType = MimeUtilities.CreateContentTypeOrNull(request.ContentType);
        return Checked(formatter.DecodeStructuredModeMessage(body, contentType, extensionAttributes: null));
    }

    private static async Task<CloudEvent> ReadBinaryAsync(HttpRequest request, CloudEventFormatter formatter)
    {
        string? versionId = request.Headers[HttpUtilities.SpecVersionHttpHeader].FirstOrDefault();
        var version = CloudEventsSpecVersion.FromVersionId(versionId)
            ?? throw new UnreadableEventException($"CloudEvents version '{versionId}' is unknown: ce-specversion must be 1.0.");

        var cloudEvent = new CloudEvent(version);
        foreach (var (header, values) in request.Headers)
        {
            string? attribute = HttpUtilities.GetAttributeNameFromHeaderName(header);
            if (attribute is not null && attribute != CloudEventsSpecVersion.SpecVersionAttribute.Name)
            {
                cloudEvent.SetAttributeFromString(attribute, HttpUtilities.DecodeHeaderValue(values[0] ?? ""));
            }
        }

        cloudEvent.DataContentType = request.ContentType;
        formatter.DecodeBinaryModeEventData(await ReadBodyAsync(request), cloudEvent);
        return Checked(cloudEvent);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream((int)Math.Clamp(request.ContentLength ?? 0, 0, 1 << 20));
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static CloudEvent Checked(CloudEvent cloudEvent)
    {
        string[] missing = [.. cloudEvent.SpecVersion.RequiredAttributes.Where(a => cloudEvent[a] is null).Select(a => a.Name)];
        return missing.Length == 0
            ? cloudEvent
            : throw new UnreadableEventException($"The CloudEvent lacks the required attributes {string.Join(", ", missing)}.");
    }

    [LoggerMessage(1, LogLevel.Error, "The request holds no readable event: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string reason);
}
