using CloudNative.CloudEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Framework;

/// <summary>Serves a function of untyped events over HTTP.</summary>
internal sealed class CloudEventAdapter(
    ICloudEventFunction function, CloudEventFormatter formatter, ILogger<CloudEventAdapter> logger) : IHttpFunction
{
    public async Task HandleAsync(HttpContext context)
    {
        if (await EventRequest.TryReadAsync(context, formatter, logger) is { } cloudEvent)
        {
            await function.HandleAsync(cloudEvent, context.RequestAborted);
        }
    }
}
