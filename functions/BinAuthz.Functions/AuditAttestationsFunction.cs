using System.Text.Json.Nodes;
using BinAuthz.Auditing;
using BinAuthz.Functions.Events;
using Google.Cloud.Functions.Framework;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Functions;

/// <summary>Audits the environment on a schedule: keeps a report, tells what is new, and sends back to the signer what waits too long.</summary>
internal sealed partial class AuditAttestationsFunction(ScheduledAudit audit, ScheduledEndpoint endpoint, ILogger<AuditAttestationsFunction> logger, TimeProvider time) : IHttpFunction
{
    /// <inheritdoc />
    public Task HandleAsync(HttpContext context)
    {
        var answer = new JsonObject();
        return endpoint.HandleAsync(context, answer, async (request, data, token) =>
        {
            AuditBody.Demand(data.Span);
            var due = request.DueAt(time.GetUtcNow());
            var result = await audit.RunAsync(due, token).ConfigureAwait(false);
            if (result is null)
            {
                Log.TooLate(logger, Rfc3339.Write(due));
                answer["tooLate"] = true;
                return;
            }

            foreach (var (name, value) in result.ToJson())
            {
                answer[name] = value?.DeepClone();
            }

            Log.Reported(logger, result.Stored.Link.Folder, result.Verdict, result.Stored.Report.Findings.Count, result.Changes.New.Count, result.Changes.Resolved.Count, result.SentBack, result.Stored.Link.Sequence, result.Stored.Link.Digest);
        });
    }

    private static partial class Log
    {
        [LoggerMessage(401, LogLevel.Information, "AuditReported: {Report} {Verdict}, {Findings} findings, {New} new, {Resolved} resolved, {SentBack} images sent back to the signer; report {Sequence} of the chain, whose statement is {Digest}")]
        public static partial void Reported(ILogger logger, string report, string verdict, int findings, int @new, int resolved, int sentBack, long sequence, string digest);

        [LoggerMessage(402, LogLevel.Warning, "The audit that was due at {Due} was not made: a later report is in the chain already")]
        public static partial void TooLate(ILogger logger, string due);
    }
}
