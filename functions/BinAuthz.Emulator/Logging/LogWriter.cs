using BinAuthz.Emulator.Hosting;
using Google.Api;
using Google.Cloud.Logging.V2;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace BinAuthz.Emulator.Logging;

/// <summary>Completes entries, stores them, and hands them to the sinks. The other services of the emulator write audit logs here.</summary>
internal sealed class LogWriter(LogStore store, LogSinks sinks, TimeProvider time)
{
    /// <summary>Writes entries that name their log and resource.</summary>
    public void Write(IEnumerable<LogEntry> entries) => Write(new WriteLogEntriesRequest { Entries = { entries } });

    /// <exception cref="RpcException">INVALID_ARGUMENT: an entry has no valid log or resource.</exception>
    public void Write(WriteLogEntriesRequest request)
    {
        var valid = new List<LogEntry>();
        var errors = new WriteLogEntriesPartialErrors();
        for (var index = 0; index < request.Entries.Count; index++)
        {
            var entry = Complete(request.Entries[index], request);
            if (Problem(entry) is { } problem)
            {
                errors.LogEntryErrors[index] = new Google.Rpc.Status { Code = (int)StatusCode.InvalidArgument, Message = problem };
            }
            else
            {
                valid.Add(entry);
            }
        }

        if (!request.DryRun && (errors.LogEntryErrors.Count == 0 || request.PartialSuccess))
        {
            sinks.Deliver(store.Add(valid));
        }

        if (errors.LogEntryErrors.Count > 0)
        {
            throw Errors.Of(StatusCode.InvalidArgument, errors.LogEntryErrors.First().Value.Message, errors);
        }
    }

    private LogEntry Complete(LogEntry entry, WriteLogEntriesRequest request)
    {
        var now = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        var complete = entry.Clone();
        complete.LogName = entry.LogName.Length > 0 ? entry.LogName : request.LogName;
        complete.Resource ??= request.Resource?.Clone();
        complete.Timestamp ??= now;
        complete.ReceiveTimestamp = now;
        complete.InsertId = entry.InsertId.Length > 0 ? entry.InsertId : Guid.NewGuid().ToString("N")[..16];
        foreach (var (key, value) in request.Labels)
        {
            if (!complete.Labels.ContainsKey(key))
            {
                complete.Labels[key] = value;
            }
        }

        AddProject(complete.Resource, complete.LogName);
        return complete;
    }

    // Logging fills in the project of the global resource.
    private static void AddProject(MonitoredResource? resource, string logName)
    {
        if (resource is { Type: "global" } && !resource.Labels.ContainsKey("project_id") && logName.Split('/') is ["projects", var project, ..])
        {
            resource.Labels["project_id"] = project;
        }
    }

    private static string? Problem(LogEntry entry)
    {
        try
        {
            LogName.Check(entry.LogName);
        }
        catch (RpcException error)
        {
            return error.Status.Detail;
        }

        return entry.Resource is not { Type.Length: > 0 } ? "A log entry needs a resource with a type, of its own or of the request." : null;
    }
}
