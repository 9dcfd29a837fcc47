using BinAuthz.GoogleCloud;

namespace BinAuthz.Auditing;

/// <summary>Asks other instances for parts of an audit.</summary>
internal sealed class ShardPublisher(PublisherClient publisher, AuditRequests requests)
{
    private static readonly IReadOnlyDictionary<string, string> NoAttributes = new Dictionary<string, string>();

    /// <summary>Publishes a message for each part.</summary>
    /// <exception cref="GoogleCallException">NOT_FOUND: there is no such topic.</exception>
    public Task PublishAsync(DateTimeOffset time, IReadOnlyList<AuditShard> shards, CancellationToken cancellationToken) => shards.Count == 0
        ? Task.CompletedTask
        : publisher.PublishAsync(requests.ShardsTopic, shards.Select(shard => ((ReadOnlyMemory<byte>)new ShardRequest(time, shard).ToJson(), NoAttributes)), cancellationToken);
}
