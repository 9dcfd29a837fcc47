using System.Globalization;
using System.Text;
using System.Text.Json;
using BinAuthz.Approval.Pushes;
using BinAuthz.Images;
using Google.Api;
using Google.Cloud.Audit;
using Google.Cloud.Logging.Type;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Log = Google.Cloud.Logging.V2;

namespace BinAuthz.GoogleCloud;

/// <summary>Cloud Logging: who pushed to an image's name, and what was denied. It allows 60 reads a minute in a project (docs: logging/quotas).</summary>
internal sealed class LoggingClient(GoogleChannels channels, TimeProvider time)
{
    /// <summary>How far back is looked: as long as logs are kept unless somebody decided otherwise (docs: logging/docs/routing/overview).</summary>
    public static readonly TimeSpan Lookback = TimeSpan.FromDays(30);

    /// <summary>How many pages are read; the newest entries are on the first.</summary>
    public const int MaximumPages = 10;

    /// <summary>How many pages of whole entries are read: half of what a minute allows.</summary>
    public const int MaximumEntryPages = 30;

    private const int PageSize = 1000;

    // An entry holds a whole pod, and a message is limited.
    private const int EntriesPerPage = 250;

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithTypeRegistry(TypeRegistry.FromMessages(AuditLog.Descriptor)));
    private readonly Log.LoggingServiceV2.LoggingServiceV2Client client = new(channels.For("logging.googleapis.com"));

    /// <summary>The pushes to an image's name that audit logs tell of, the newest first.</summary>
    public async Task<IReadOnlyList<PushRecord>> ListPushesAsync(ImageReference image, RepositoryPath repository, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - Lookback;
        var project = $"projects/{repository.Project}";
        var request = new Log.ListLogEntriesRequest { ResourceNames = { project }, Filter = Filter(repository, since), OrderBy = "timestamp desc", PageSize = PageSize };
        var pushes = new List<PushRecord>();
        for (var page = 0; page < MaximumPages; page++)
        {
            var answer = await client.ListLogEntriesAsync(request, Routing.To("resource_names", project, cancellationToken)).ConfigureAwait(false);
            pushes.AddRange(answer.Entries.Where(entry => entry.ProtoPayload?.Is(AuditLog.Descriptor) == true).Select(Read).OfType<PushRecord>());
            request.PageToken = answer.NextPageToken;
            if (request.PageToken.Length == 0)
            {
                return Complete(pushes, image, since);
            }
        }

        return Complete(pushes, image, pushes.Count == 0 ? time.GetUtcNow() : pushes[^1].Time);
    }

    /// <summary>The entries of a project since a time that a query finds, the newest first, each as JSON.</summary>
    /// <returns>The entries, how many are of a form that is not known here, and whether all were read: only so many pages are.</returns>
    public async Task<(IReadOnlyList<byte[]> Entries, int Unreadable, bool IsComplete)> ListEntriesAsync(string project, string filter, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var name = $"projects/{project}";
        var wanted = string.Create(CultureInfo.InvariantCulture, $"({filter})\nAND timestamp>=\"{since.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\"");
        var request = new Log.ListLogEntriesRequest { ResourceNames = { name }, Filter = wanted, OrderBy = "timestamp desc", PageSize = EntriesPerPage };
        var (entries, unreadable) = (new List<byte[]>(), 0);
        for (var page = 0; page < MaximumEntryPages; page++)
        {
            var answer = await client.ListLogEntriesAsync(request, Routing.To("resource_names", name, cancellationToken)).ConfigureAwait(false);
            foreach (var entry in answer.Entries)
            {
                try
                {
                    entries.Add(Encoding.UTF8.GetBytes(Formatter.Format(entry)));
                }
                catch (InvalidOperationException)
                {
                    // A payload of a type that is no audit log: none of the queries asks for such.
                    unreadable++;
                }
            }

            request.PageToken = answer.NextPageToken;
            if (request.PageToken.Length == 0)
            {
                return (entries, unreadable, true);
            }
        }

        return (entries, unreadable, false);
    }

    /// <summary>Writes an entry of severity CRITICAL, the same whenever it is written again.</summary>
    /// <param name="project">The project id.</param>
    /// <param name="log">The id of the log.</param>
    /// <param name="insertId">Tells entries of one time apart.</param>
    /// <param name="payload">What it says.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="GoogleCallException">It was not taken.</exception>
    public Task WriteCriticalAsync(string project, string log, string insertId, Struct payload, CancellationToken cancellationToken) =>
        WriteAsync(project, log, [new LogNotice(insertId, LogSeverity.Critical, time.GetUtcNow(), payload)], cancellationToken);

    /// <summary>Writes entries. Logging keeps one of those that have the same time and id (docs: logging/docs/reference/v2/rest/v2/LogEntry).</summary>
    /// <param name="project">The project id.</param>
    /// <param name="log">The id of the log.</param>
    /// <param name="notices">The entries.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="GoogleCallException">They were not taken.</exception>
    public Task WriteAsync(string project, string log, IEnumerable<LogNotice> notices, CancellationToken cancellationToken)
    {
        var entries = notices.Select(notice => new Log.LogEntry
        {
            LogName = $"projects/{project}/logs/{log}",
            InsertId = notice.InsertId,
            Timestamp = Timestamp.FromDateTimeOffset(notice.Time),
            Severity = notice.Severity,
            Resource = new MonitoredResource { Type = "global", Labels = { ["project_id"] = project } },
            JsonPayload = notice.Payload,
        });
        return client.WriteLogEntriesAsync(new Log.WriteLogEntriesRequest { Entries = { entries } }, new CallOptions(cancellationToken: cancellationToken)).ResponseAsync;
    }

    // Where the list is cut, it may hold one push of a minute and lack another. A window that reaches there is left empty,
    // so that nothing is concluded from a part of it.
    private static IReadOnlyList<PushRecord> Complete(List<PushRecord> pushes, ImageReference image, DateTimeOffset since) =>
        [.. pushes.Where(push => push.Time > since + (2 * PushedByRule.Window) || push.Names(image))];

    /// <summary>A query for the pushes to exactly this image: what <c>=~</c> compares is case-sensitive, what <c>=</c> compares is not.</summary>
    private static string Filter(RepositoryPath repository, DateTimeOffset since)
    {
        var image = Exactly(Uri.EscapeDataString(repository.Image)).Replace("%2F", "(%2F|%2f|/)", StringComparison.Ordinal);
        var path = Exactly($"{repository.Project}/{repository.Parent[(repository.Parent.LastIndexOf('/') + 1)..]}/{repository.Image}");
        return string.Create(CultureInfo.InvariantCulture, $"""
            logName="projects/{repository.Project}/logs/cloudaudit.googleapis.com%2Fdata_access"
            protoPayload.serviceName="{PushLogEntry.Service}"
            protoPayload.methodName:"{PushLogEntry.Method}"
            (protoPayload.resourceName=~"^{Exactly(repository.Parent)}/dockerImages/{image}(@|$)" OR protoPayload.request.requestUrl=~"^(https?://[^/]+)?/v2/{path}/manifests/")
            timestamp>="{since.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}"
            """);
    }

    // A dot stands for itself in brackets, which need no escape within quotes; names have no other special character.
    private static string Exactly(string name) => name.Replace(".", "[.]", StringComparison.Ordinal);

    private static PushRecord? Read(Log.LogEntry entry)
    {
        using var document = JsonDocument.Parse(Formatter.Format(entry));
        return PushLogEntry.TryRead(document.RootElement, out var push) ? push : null;
    }
}
