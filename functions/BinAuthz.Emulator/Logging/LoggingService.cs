using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Iam.Enforcement;
using BinAuthz.Emulator.Logging.Query;
using BinAuthz.Emulator.State;
using Google.Cloud.Logging.V2;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace BinAuthz.Emulator.Logging;

/// <summary>google.logging.v2.LoggingServiceV2.</summary>
internal sealed class LoggingService(LogStore store, LogWriter writer, Authorizer authorizer) : LoggingServiceV2.LoggingServiceV2Base
{
    private const int DefaultPageSize = 50;

    public override Task<Empty> DeleteLog(DeleteLogRequest request, ServerCallContext context)
    {
        LogName.Check(request.LogName);
        store.Delete(request.LogName);
        return Task.FromResult(new Empty());
    }

    public override Task<WriteLogEntriesResponse> WriteLogEntries(WriteLogEntriesRequest request, ServerCallContext context)
    {
        writer.Write(request);
        return Task.FromResult(new WriteLogEntriesResponse());
    }

    public override Task<ListLogEntriesResponse> ListLogEntries(ListLogEntriesRequest request, ServerCallContext context)
    {
        if (request.ResourceNames.Count == 0)
        {
            throw Errors.Invalid("resource_names must name at least one project.");
        }

        var query = LogQuery.Parse(request.Filter);
        var matching = store.Read(request.ResourceNames.Select(LogName.Parent)).Where(stored => query.Matches(stored.Json) && IsShown(stored, context));
        var page = Page.Of([.. Ordered(matching, request.OrderBy)], request.PageSize, request.PageToken, DefaultPageSize);
        return Task.FromResult(new ListLogEntriesResponse { Entries = { page.Items.Select(stored => stored.Entry) }, NextPageToken = page.NextToken });
    }

    public override Task<ListLogsResponse> ListLogs(ListLogsRequest request, ServerCallContext context)
    {
        var parents = request.ResourceNames.Append(request.Parent).Where(name => name.Length > 0).Select(LogName.Parent);
        var names = store.Read(parents).Select(stored => stored.Entry.LogName).Distinct().Order(StringComparer.Ordinal).ToArray();
        var page = Page.Of(names, request.PageSize, request.PageToken, DefaultPageSize);
        return Task.FromResult(new ListLogsResponse { LogNames = { page.Items }, NextPageToken = page.NextToken });
    }

    // Who may not read Data Access logs is not told that there are any (docs: logging/docs/access-control).
    private bool IsShown(StoredEntry stored, ServerCallContext context)
    {
        const string DataAccess = "/logs/cloudaudit.googleapis.com%2Fdata_access";
        var (name, principal) = (stored.Entry.LogName, Principal.Of(context));
        return !name.EndsWith(DataAccess, StringComparison.Ordinal) || !authorizer.Decides(principal)
            || authorizer.Holds(principal, new CheckedPermission("logging.privateLogEntries.list", name[..^DataAccess.Length]));
    }

    private static IEnumerable<StoredEntry> Ordered(IEnumerable<StoredEntry> entries, string orderBy) => orderBy.Trim() switch
    {
        "" or "timestamp" or "timestamp asc" => entries.OrderBy(stored => stored.Entry.Timestamp).ThenBy(stored => stored.Entry.InsertId, StringComparer.Ordinal),
        "timestamp desc" => entries.OrderByDescending(stored => stored.Entry.Timestamp).ThenByDescending(stored => stored.Entry.InsertId, StringComparer.Ordinal),
        _ => throw Errors.Invalid($"order_by \"{orderBy}\" is not valid: entries are ordered by \"timestamp asc\" or \"timestamp desc\"."),
    };
}
