using System.Text.Json.Nodes;
using BinAuthz.Functions.Events;
using BinAuthz.GoogleCloud;
using BinAuthz.Rotation;
using Google.Cloud.Functions.Framework;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Functions;

/// <summary>
/// Rotates the signing keys: on a schedule of Cloud Scheduler, over HTTP with OIDC, which Cloud Run checks (run.invoker), or by
/// Pub/Sub. It manages versions and what attestors trust; the signer, under another identity, signs.
/// </summary>
internal sealed partial class RotateKeyFunction(RotationRound round, EventDelivery delivery, ILogger<RotateKeyFunction> logger) : IHttpFunction
{
    /// <inheritdoc />
    public async Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var report = new JsonArray();
        var answer = new JsonObject { ["attestors"] = report };
        try
        {
            await RunAsync(await RotationDelivery.ReadAsync(context.Request, context.RequestAborted), report, context.RequestAborted);
        }
        catch (UnreadableEventException error)
        {
            Log.Refused(logger, error.Message);
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            answer["error"] = error.Message;
        }
        catch (Exception error) when (error is GoogleCallException or RotationException or CorruptedInTransitException)
        {
            context.Response.StatusCode = RotationRound.IsTransient(error) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError;
            answer["error"] = error.Message;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    // A message that cannot be read is acknowledged, for it would come again as it is; who asks over HTTP is told.
    private Task RunAsync(RotationDelivery request, JsonArray report, CancellationToken cancellationToken) => request.Published is { } published
        ? delivery.RunAsync(request.Id, published, (data, token) => round.RunAsync(RotateRequest.Read(data.Span), report, token), cancellationToken)
        : delivery.TellAsync(request.Id, () => round.RunAsync(RotateRequest.Read(request.Data.Span), report, cancellationToken));

    private static partial class Log
    {
        [LoggerMessage(306, LogLevel.Error, "The request for a rotation was refused: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
