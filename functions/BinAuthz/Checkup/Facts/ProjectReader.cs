using BinAuthz.Checkup.Checks;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Checkup.Facts;

/// <summary>Reads what the environment has around its attestors: bucket, topics, subscriptions, sinks, audit logs, the cluster.</summary>
internal sealed class ProjectReader(StorageClient storage, PublisherClient publisher, SubscriptionClient subscriptions, LogSinkClient sinks, IamClient iam, ClusterClient clusters)
{
    /// <summary>Reads them.</summary>
    public async Task<ProjectFacts> ReadAsync(FactReader reader, CheckupRequest request, CancellationToken cancellationToken)
    {
        var topics = ProjectTopics.All(request);
        var bucketRead = reader.ReadAsync(Access.Bucket, stop => storage.FindBucketAsync(request.EvidenceBucket, stop), cancellationToken);
        var topicsRead = Task.WhenAll(topics.Select(topic => reader.ReadAsync(Access.Topic, stop => publisher.TopicExistsAsync(topic, stop), cancellationToken)));
        var subscriptionsRead = reader.ReadAsync(Access.Subscriptions, stop => subscriptions.ListAsync(request.Project, stop), cancellationToken);
        var sinksRead = reader.ReadAsync(Access.Sinks, stop => sinks.ListAsync(request.Project, stop), cancellationToken);
        var auditsRead = request.WeighsPushes ? reader.ReadAsync(Access.ProjectPolicy, stop => iam.ListAuditedWritesAsync(request.Project, stop), cancellationToken) : null;
        var modeRead = request.Cluster is { } cluster ? reader.ReadAsync(Access.Cluster, stop => clusters.FindEvaluationModeAsync(request.Project, cluster, stop), cancellationToken) : null;
        return new ProjectFacts(
            await bucketRead.ConfigureAwait(false),
            topics.Zip(await topicsRead.ConfigureAwait(false)).ToDictionary(each => each.First, each => each.Second),
            await subscriptionsRead.ConfigureAwait(false),
            await sinksRead.ConfigureAwait(false),
            auditsRead is null ? null : await auditsRead.ConfigureAwait(false),
            modeRead is null ? null : await modeRead.ConfigureAwait(false));
    }
}
