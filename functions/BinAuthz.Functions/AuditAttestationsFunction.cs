using System.Text.Json.Nodes;
using BinAuthz.Auditing;
using BinAuthz.Functions.Events;
using Google.Cloud.Functions.Framework;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Functions;

/// <summary>
/// Audits the environment on a schedule: keeps a report, tells what is new, and sends back to the signer what waits too long. A
/// large audit goes on in parts, which the function asks itself for by messages.
/// </summary>
internal sealed partial class AuditAttestationsFunction(ScheduledAudit audit, AuditRequests requests, ScheduledEndpoint endpoint, ILogger<AuditAttestationsFunction> logger, TimeProvider time) : IHttpFunction
{
    /// <inheritdoc />
    public Task HandleAsync(HttpContext context)
    {
        var answer = new JsonObject();
        return endpoint.HandleAsync(context, answer, async (request, data, token) =>
        {
            var outcome = await (AuditBody.Read(data.Span) is { } part ? audit.RunAsync(Own(part), token) : audit.RunAsync(request.DueAt(time.GetUtcNow()), token)).ConfigureAwait(false);
            foreach (var (name, value) in ScheduledAuditJson.Of(outcome))
            {
                answer[name] = value?.DeepClone();
            }

            Tell(request.Id, outcome);
        });
    }

    private ShardRequest Own(ShardRequest part) => requests.Has(part.Shard.Attestor)
        ? part
        : throw new UnreadableEventException($"It asks for a part of {part.Shard.Attestor}, which the approval policy does not have.");

    private void Tell(string id, ScheduledOutcome outcome)
    {
        switch (outcome)
        {
            case ScheduledOutcome.Reported reported:
                Log.Reported(logger, reported.Stored.Link.Folder, reported.Verdict, reported.Stored.Report.Findings.Count, reported.Changes.New.Count, reported.Changes.Resolved.Count, reported.SentBack, reported.Stored.Link.Sequence, reported.Stored.Link.Digest);
                break;
            case ScheduledOutcome.InParts parts:
                Log.InParts(logger, id, parts.Asked);
                break;
            default:
                Log.TooLate(logger, id);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(401, LogLevel.Information, "AuditReported: {Report} {Verdict}, {Findings} findings, {New} new, {Resolved} resolved, {SentBack} images sent back to the signer; report {Sequence} of the chain, whose statement is {Digest}")]
        public static partial void Reported(ILogger logger, string report, string verdict, int findings, int @new, int resolved, int sentBack, long sequence, string digest);

        [LoggerMessage(402, LogLevel.Warning, "The audit that {MessageId} asks for was not made: a later report is in the chain already")]
        public static partial void TooLate(ILogger logger, string messageId);

        [LoggerMessage(403, LogLevel.Information, "The audit that {MessageId} asks for goes on in parts, {Asked} of which were asked for now")]
        public static partial void InParts(ILogger logger, string messageId, int asked);
    }
}
