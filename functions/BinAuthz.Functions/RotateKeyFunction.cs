using System.Text.Json.Nodes;
using BinAuthz.Functions.Events;
using Google.Cloud.Functions.Framework;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Functions;

/// <summary>
/// Rotates the signing keys on a schedule. It manages versions and what attestors trust; the signer, under another identity,
/// signs.
/// </summary>
internal sealed class RotateKeyFunction(RotationRound round, ScheduledEndpoint endpoint) : IHttpFunction
{
    /// <inheritdoc />
    public Task HandleAsync(HttpContext context)
    {
        var report = new JsonArray();
        return endpoint.HandleAsync(context, new JsonObject { ["attestors"] = report }, (_, data, token) => round.RunAsync(RotateRequest.Read(data.Span), report, token));
    }
}
