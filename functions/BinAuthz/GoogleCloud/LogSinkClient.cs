using Google.Protobuf.WellKnownTypes;
using Log = Google.Cloud.Logging.V2;

namespace BinAuthz.GoogleCloud;

/// <summary>Cloud Logging: which sinks there are, and making them.</summary>
internal sealed class LogSinkClient(GoogleChannels channels)
{
    private const int PageSize = 1000;
    private readonly Log.ConfigServiceV2.ConfigServiceV2Client client = new(channels.For("logging.googleapis.com"));

    /// <summary>The sinks of a project.</summary>
    public async Task<IReadOnlyList<LogSinkDescription>> ListAsync(string project, CancellationToken cancellationToken)
    {
        var sinks = new List<LogSinkDescription>();
        var request = new Log.ListSinksRequest { Parent = $"projects/{project}", PageSize = PageSize };
        var tokens = new PageTokens("ListSinks", request.Parent);
        do
        {
            var page = await client.ListSinksAsync(request, Routing.To("parent", request.Parent, cancellationToken)).ConfigureAwait(false);
            sinks.AddRange(page.Sinks.Select(sink => new LogSinkDescription(sink.Name, sink.Destination, sink.Filter, sink.Disabled) { Writer = sink.WriterIdentity }));
            request.PageToken = page.NextPageToken;
        }
        while (tokens.Follow(request.PageToken));
        return sinks;
    }

    /// <summary>Makes a sink that writes as an identity of its own.</summary>
    /// <param name="project">The project id.</param>
    /// <param name="sink">Name, destination and filter.</param>
    /// <param name="description">What its entries are for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False: there is one of that name.</returns>
    public Task<bool> CreateAsync(string project, LogSinkDescription sink, string description, CancellationToken cancellationToken)
    {
        var wanted = new Log.LogSink { Name = sink.Name, Destination = sink.Destination, Filter = sink.Filter, Description = description };
        var request = new Log.CreateSinkRequest { Parent = $"projects/{project}", Sink = wanted, UniqueWriterIdentity = true };
        return Creation.UnlessExistsAsync(client.CreateSinkAsync(request, Routing.To("parent", request.Parent, cancellationToken)));
    }

    /// <summary>Sets destination and filter of a sink, and nothing else.</summary>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such sink.</exception>
    public async Task UpdateAsync(string project, LogSinkDescription sink, CancellationToken cancellationToken)
    {
        var request = new Log.UpdateSinkRequest
        {
            SinkName = $"projects/{project}/sinks/{sink.Name}",
            Sink = new Log.LogSink { Name = sink.Name, Destination = sink.Destination, Filter = sink.Filter },
            UniqueWriterIdentity = true,
            UpdateMask = new FieldMask { Paths = { "destination", "filter" } },
        };
        await client.UpdateSinkAsync(request, Routing.To("sink_name", request.SinkName, cancellationToken)).ConfigureAwait(false);
    }
}
