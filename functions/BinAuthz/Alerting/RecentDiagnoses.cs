using BinAuthz.Denials;
using BinAuthz.GoogleCloud;
using Microsoft.Extensions.Logging;

namespace BinAuthz.Alerting;

/// <summary>
/// Why things happen, asked at most once a minute for each subject, whatever the number of entries: a diagnosis reads live
/// state, and Binary Authorization allows 100 reads a minute in a project (docs: binary-authorization/quotas). The text of
/// the log does not matter for that, since on some clusters it names each pod. So another cause is noticed within a minute.
/// When nothing can be read now, that is the diagnosis: an alert without a cause is worth more than one that comes too late.
/// </summary>
internal sealed partial class RecentDiagnoses(Func<Finding, CancellationToken, Task<Diagnosis>> diagnose, ILogger<RecentDiagnoses> logger, TimeProvider time)
{
    private const int Kept = 10_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private readonly Recent<string, Remembered<Diagnosis>> recent = new(Kept);

    /// <summary>The diagnosis of a finding, or of another of the same subject in the last minute.</summary>
    public Task<Diagnosis> DiagnoseAsync(AlertSubject subject, Finding finding, CancellationToken cancellationToken) =>
        recent.GetOrAdd(subject.Id, _ => new Remembered<Diagnosis>(Lifetime, time)).GetAsync(_ => DiagnoseAsync(finding), cancellationToken);

    private async Task<Diagnosis> DiagnoseAsync(Finding finding)
    {
        using var patience = new CancellationTokenSource(Deadline, time);
        try
        {
            return await diagnose(finding, patience.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is GoogleCallException or OperationCanceledException or CorruptedInTransitException)
        {
            Log.NotDiagnosed(logger, finding.Source.InsertId, error.Message);
            return new Diagnosis(DiagnosisCause.Undetermined, $"The cause could not be found out: {error.Message}", "Look at it again when the service answers.", "");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(211, LogLevel.Warning, "Log entry {InsertId} is told without a cause: {Reason}")]
        public static partial void NotDiagnosed(ILogger logger, string insertId, string reason);
    }
}
