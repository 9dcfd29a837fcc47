using BinAuthz.Approval.Pushes;
using BinAuthz.Checkup.Facts;
using BinAuthz.Denials;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Checkup.Checks;

/// <summary>
/// Whether the logs tell what is needed: a sink whose filter finds denials (often got wrong: filters on the service name or on
/// <c>response.allow</c> match nothing), and where a rule asks who pushed, DATA_WRITE audit logs, which are off by default.
/// </summary>
internal static class LogChecks
{
    private const string Registry = PushLogEntry.Service;

    /// <summary>What was found.</summary>
    public static IEnumerable<CheckResult> Judge(CheckupRequest request, ProjectFacts facts)
    {
        var denials = Sink(request, facts, "denial-sink", ProjectTopics.Denials(request), LogFilters.Sink);
        return facts.AuditedWrites is not { } audited ? denials
            : [.. denials, .. Sink(request, facts, "push-sink", ProjectTopics.PushEntries(request), PushLogEntry.SinkFilter), .. Audit(request, audited)];
    }

    private static IEnumerable<CheckResult> Sink(CheckupRequest request, ProjectFacts facts, string check, string topic, string filter)
    {
        var destination = LogSinkDescription.TopicPrefix + topic;
        var id = topic.Split('/')[3];
        return facts.Sinks.Judge(check, topic, sinks =>
        {
            LogSinkDescription[] ours = [.. sinks.Where(sink => sink.Destination == destination)];
            return
            [
                ours.Length == 0
                    ? CheckResult.Warning(check, topic, "No log sink copies entries there.", $"`gcloud logging sinks create {id} {destination} --project={request.Project} --log-filter={Quoted(filter)}`, then let the writer identity that it prints publish to the topic.")
                    : Array.Find(ours, sink => sink.Copies(sink with { Filter = filter })) is not { } right
                        ? CheckResult.Warning(check, $"projects/{request.Project}/sinks/{ours[0].Name}", "Its filter is not the one that finds these entries, and may match nothing or too much.", $"`gcloud logging sinks update {ours[0].Name} --project={request.Project} --log-filter={Quoted(filter)}`")
                        : right.IsDisabled
                            ? CheckResult.Warning(check, $"projects/{request.Project}/sinks/{right.Name}", "It is disabled.", $"`gcloud logging sinks update {right.Name} --project={request.Project} --no-disabled`")
                            : CheckResult.Ok(check, $"projects/{request.Project}/sinks/{right.Name}", $"copies entries to {topic}"),
            ];
        });
    }

    private static IEnumerable<CheckResult> Audit(CheckupRequest request, Fact<IReadOnlySet<string>> audited)
    {
        const string Check = "push-audit-log";
        var resource = $"projects/{request.Project}";
        return audited.Judge(Check, resource, services => services.Contains(Registry) || services.Contains("allServices")
            ? [CheckResult.Ok(Check, resource, $"DATA_WRITE audit logs of {Registry} are on")]
            : [CheckResult.Failed(Check, resource, $"The approval policy asks who pushed, and DATA_WRITE audit logs of {Registry} are off, so that no image is ever approved.", $"`gcloud projects get-iam-policy {request.Project} --format=json > policy.json`, add {{\"service\": \"{Registry}\", \"auditLogConfigs\": [{{\"logType\": \"DATA_WRITE\"}}]}} to its auditConfigs, and `gcloud projects set-iam-policy {request.Project} policy.json`.")]);
    }

    private static string Quoted(string filter) => $"'{filter.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
