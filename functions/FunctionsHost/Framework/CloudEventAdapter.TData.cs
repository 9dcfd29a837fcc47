using CloudNative.CloudEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Framework;

/// <summary>Serves a function of events with typed data over HTTP.</summary>
internal sealed class CloudEventAdapter<TData>(
    ICloudEventFunction<TData> function, CloudEventFormatter formatter, ILogger<CloudEventAdapter<TData>> logger) : IHttpFunction
    where TData : class
{
    public async Task HandleAsync(HttpContext context)
    {
        if (await EventRequest.TryReadAsync(context, formatter, logger) is not { } cloudEvent)
        {
            return;
        }

        if (cloudEvent.Data is not (TData or null))
        {
            EventRequest.Refuse(context, logger, new UnreadableEventException(
                $"Event '{cloudEvent.Id}' has data of type {cloudEvent.Data.GetType()}; the function takes {typeof(TData)}."));
            return;
        }

        // No body, no data: the framework's contract leaves that case to the function.
        await function.HandleAsync(cloudEvent, (TData)cloudEvent.Data!, context.RequestAborted);
    }
}
