using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Auditing.Readiness;

/// <summary>Audits without keeping the report, and reads what else decides whether an environment may enforce.</summary>
internal sealed class ReadinessReader(AttestationAuditor auditor, BinaryAuthorizationClient authorization, EventFactReader events, LoggingClient logging)
{
    private static readonly Access Logs = new("logging.logEntries.list", "logging.viewer");

    /// <summary>Reads it.</summary>
    /// <param name="request">What to audit.</param>
    /// <param name="kept">The latest report that was kept; null: there is none.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    /// <exception cref="GoogleCallException">Something did not answer and may later.</exception>
    public async Task<ReadinessFacts> ReadAsync(AuditRequest request, PreviousAudit? kept, CancellationToken cancellationToken)
    {
        using var reader = new FactReader(request.Project);
        var policyRead = reader.ReadAsync(Access.Policy, stop => authorization.GetPolicyAsync(request.Project, stop), cancellationToken);
        var logsRead = events.ReadLogsAsync(reader, request, request.Time - ReadinessPolicy.WithoutDenials, 0, cancellationToken);
        var failuresRead = reader.ReadAsync(Logs, stop => ReadFailuresAsync(request, stop), cancellationToken);
        var report = await auditor.AuditAsync(request, kept, cancellationToken).ConfigureAwait(false);
        var facts = new ReadinessFacts(request, report, await policyRead.ConfigureAwait(false), await logsRead.ConfigureAwait(false), await failuresRead.ConfigureAwait(false), kept);
        return reader.Interruption is { } obstacle
            ? throw new GoogleCallException("Readiness", $"projects/{request.Project}", Grpc.Core.StatusCode.Unavailable, $"Something did not answer that may later: {obstacle.Reason} {obstacle.Remedy}")
            : facts;
    }

    private async Task<LoggedFailures> ReadFailuresAsync(AuditRequest request, CancellationToken cancellationToken)
    {
        var (entries, unreadable, isComplete) = await logging.ListEntriesAsync(request.Project, FailureLog.Filter, request.Time - ReadinessPolicy.WithoutFailures, cancellationToken).ConfigureAwait(false);
        var gap = isComplete && unreadable == 0 ? null : new Obstacle($"Not all error entries of {request.Project} could be read.", "Look at them with `gcloud logging read`.", IsTransient: false);
        return new LoggedFailures([.. entries.Select(entry => FailureLog.Read(entry, request.Time))], gap);
    }
}
