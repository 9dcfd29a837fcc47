using System.Text.Json.Nodes;
using BinAuthz.Functions.Events;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Functions;

/// <summary>
/// Answers what comes on a schedule: by Cloud Scheduler over HTTP with OIDC, which Cloud Run checks (run.invoker), or by
/// Pub/Sub. A message that cannot be read is acknowledged, for it would come again as it is; who asks over HTTP is told.
/// </summary>
internal sealed partial class ScheduledEndpoint(EventDelivery delivery, ILogger<ScheduledEndpoint> logger)
{
    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="answer">What is answered in JSON; an error is added to it.</param>
    /// <param name="run">Does what is asked for with the data of the request or message.</param>
    public async Task HandleAsync(HttpContext context, JsonObject answer, Func<ScheduledDelivery, ReadOnlyMemory<byte>, CancellationToken, Task> run)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        try
        {
            var request = await ScheduledDelivery.ReadAsync(context.Request, context.RequestAborted);
            await (request.Published is { } published
                ? delivery.RunAsync(request.Id, published, (data, token) => run(request, data, token), context.RequestAborted)
                : delivery.TellAsync(request.Id, () => run(request, request.Data, context.RequestAborted)));
        }
        catch (UnreadableEventException error)
        {
            Log.Refused(logger, error.Message);
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            answer["error"] = error.Message;
        }
        catch (Exception error) when (EventDelivery.IsKnown(error))
        {
            context.Response.StatusCode = EventDelivery.IsTransient(error) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError;
            answer["error"] = error.Message;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private static partial class Log
    {
        [LoggerMessage(306, LogLevel.Error, "A request on a schedule was refused: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
