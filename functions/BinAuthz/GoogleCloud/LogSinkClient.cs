using Log = Google.Cloud.Logging.V2;

namespace BinAuthz.GoogleCloud;

/// <summary>Cloud Logging: which sinks there are.</summary>
internal sealed class LogSinkClient(GoogleChannels channels)
{
    private const int PageSize = 1000;
    private readonly Log.ConfigServiceV2.ConfigServiceV2Client client = new(channels.For("logging.googleapis.com"));

    /// <summary>The sinks of a project.</summary>
    public async Task<IReadOnlyList<LogSinkDescription>> ListAsync(string project, CancellationToken cancellationToken)
    {
        var sinks = new List<LogSinkDescription>();
        var request = new Log.ListSinksRequest { Parent = $"projects/{project}", PageSize = PageSize };
        do
        {
            var page = await client.ListSinksAsync(request, Routing.To("parent", request.Parent, cancellationToken)).ConfigureAwait(false);
            sinks.AddRange(page.Sinks.Select(sink => new LogSinkDescription(sink.Name, sink.Destination, sink.Filter, sink.Disabled)));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return sinks;
    }
}
