using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.Denials;
using BinAuthz.GoogleCloud;
using Grpc.Core;

namespace BinAuthz.Auditing.Facts;

/// <summary>Reads what happened since a time, from the logs of the projects that attest and of those that run images.</summary>
internal sealed class EventFactReader(LoggingClient logging, IamClient iam, FindingDiagnosis diagnosis)
{
    /// <summary>Entries arrive late: so much before the report before is read again (docs: logging/docs/routing/overview).</summary>
    public static readonly TimeSpan LateEntries = TimeSpan.FromMinutes(5);

    /// <summary>Of how many events the cause is looked for.</summary>
    public const int MaximumDiagnoses = 100;

    private const int AtOnce = 4;
    private static readonly Access Logs = new("logging.logEntries.list", "logging.viewer");
    private static readonly Access DataAccessLogs = new("logging.privateLogEntries.list", "logging.privateLogViewer");

    /// <summary>Reads it.</summary>
    public async Task<AuditedEvents> ReadAsync(FactReader reader, AuditRequest request, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var signers = new ExpectedMembers(request).Signers.Where(member => member.Contains(':', StringComparison.Ordinal)).Select(member => member[(member.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        var filter = AttestationLog.Filter(signers);
        var logsRead = ReadLogsAsync(reader, request, since, MaximumDiagnoses, cancellationToken);
        var callsRead = Task.WhenAll(Attesting(request).Select(project => reader.ReadAsync(DataAccessLogs, stop => ReadCallsAsync(project, filter, since - LateEntries, request.Time, stop), cancellationToken)));
        return new AuditedEvents(await logsRead.ConfigureAwait(false), await callsRead.ConfigureAwait(false));
    }

    /// <summary>Reads what happened at admission and to what is trusted, of each project.</summary>
    /// <param name="reader">Reads facts.</param>
    /// <param name="request">Whose logs, and until when.</param>
    /// <param name="since">From when on, UTC.</param>
    /// <param name="diagnoses">Of how many events the cause is looked for, the latest first.</param>
    /// <param name="cancellationToken">Stops between two calls.</param>
    public async Task<IReadOnlyList<Fact<LoggedEvents>>> ReadLogsAsync(FactReader reader, AuditRequest request, DateTimeOffset since, int diagnoses, CancellationToken cancellationToken)
    {
        string[] projects = [.. Attesting(request).Concat(request.Subjects.Select(subject => subject.Key.Project)).Concat(request.Options.Projects).Prepend(request.Project).Distinct()];
        return await Task.WhenAll(projects.Select(project => reader.ReadAsync(Logs, stop => ReadAsync(project, since - LateEntries, request.Time, diagnoses, stop), cancellationToken))).ConfigureAwait(false);
    }

    private static IEnumerable<string> Attesting(AuditRequest request) => request.Subjects.Select(subject => subject.Attestor.Project).Distinct();

    private async Task<LoggedEvents> ReadAsync(string project, DateTimeOffset from, DateTimeOffset until, int diagnoses, CancellationToken cancellationToken)
    {
        var logged = new LoggedFindings(logging, project, []);
        var found = await logged.ReadAsync(from, cancellationToken).ConfigureAwait(false);
        var groups = FindingGroup.Of(found.Where(finding => finding.Source.Time <= until));
        var events = new AuditedEvent[groups.Count];
        await Parallel.ForAsync(0, groups.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (index, stop) =>
            events[index] = new AuditedEvent(groups[index], await DiagnoseAsync(groups[index].Latest, index < diagnoses, stop).ConfigureAwait(false))).ConfigureAwait(false);
        return new LoggedEvents(project, await CompleteAsync(project, events, from, cancellationToken).ConfigureAwait(false), Gap(project, logged.Unreadable, logged.IsCut));
    }

    // The cause is looked for now, and what does not answer makes it undetermined: that keeps no event back.
    private async Task<Diagnosis> DiagnoseAsync(Finding finding, bool isAsked, CancellationToken cancellationToken)
    {
        if (!isAsked)
        {
            return new Diagnosis(DiagnosisCause.Undetermined, $"Only of the {MaximumDiagnoses} latest events the cause is looked for.", "Ask with `binauthz denials`.", "");
        }

        try
        {
            return await diagnosis.DiagnoseAsync(finding, cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleCallException error)
        {
            return new Diagnosis(DiagnosisCause.Undetermined, error.Message, "Ask again later with `binauthz denials`.", "");
        }
    }

    private async Task<IReadOnlyList<AuditedEvent>> CompleteAsync(string project, AuditedEvent[] events, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var filter = BreakGlassLog.Filter(events.Select(each => each.Group).Where(IsOfPods));
        if (filter is null)
        {
            return events;
        }

        var (entries, _, _) = await logging.ListEntriesAsync(project, filter, from, cancellationToken).ConfigureAwait(false);
        return [.. events.Select(each => IsOfPods(each.Group) ? BreakGlassLog.Complete(each, entries) : each)];
    }

    private static bool IsOfPods(FindingGroup group) => group.Latest is { Kind: FindingKind.BreakGlass, Source.Platform: FindingPlatform.Gke };

    // Whoever may not read Data Access logs is shown none, and is not told so: that would look like silence.
    private async Task<AttestationCalls> ReadCallsAsync(string project, string filter, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var held = await iam.HeldAsync(IamClient.Projects, $"projects/{project}", [DataAccessLogs.Permission], cancellationToken).ConfigureAwait(false);
        if (!held.Contains(DataAccessLogs.Permission))
        {
            throw new GoogleCallException("ListLogEntries", $"projects/{project}", StatusCode.PermissionDenied, $"Permission '{DataAccessLogs.Permission}' is not held on projects/{project}.");
        }

        var (entries, unreadable, isComplete) = await logging.ListEntriesAsync(project, filter, from, cancellationToken).ConfigureAwait(false);
        var calls = new List<AttestationCall>();
        foreach (var entry in entries)
        {
            if (AttestationLog.Read(entry) is { } call && call.Time <= until)
            {
                calls.Add(call);
            }
        }

        return new AttestationCalls(project, calls, Gap(project, unreadable, !isComplete));
    }

    private static Obstacle? Gap(string project, int unreadable, bool isCut) =>
        isCut ? new Obstacle($"The logs of {project} have more entries since the report before than are read at once: the older ones are missing.", "Audit more often, or look at the rest with `binauthz denials`.", IsTransient: false)
        : unreadable > 0 ? new Obstacle($"{unreadable} log entries of {project} could not be read.", "Look at the entries with `gcloud logging read`.", IsTransient: false)
        : null;
}
