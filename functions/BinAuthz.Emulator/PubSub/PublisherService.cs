using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Cloud.PubSub.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace BinAuthz.Emulator.PubSub;

/// <summary>google.pubsub.v1.Publisher.</summary>
internal sealed class PublisherService(MessageBroker broker) : Publisher.PublisherBase
{
    private static readonly TimeSpan MinRetention = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MaxRetention = TimeSpan.FromDays(31);

    public override Task<Topic> CreateTopic(Topic request, ServerCallContext context)
    {
        ResourceNames.Check(request.Name, "topics");
        CheckRetention(request);
        return broker.Topics.TryAdd(request.Name, request)
            ? Task.FromResult(request)
            : throw Errors.AlreadyExists($"Resource already exists in the project (resource={ResourceNames.Id(request.Name)}).");
    }

    public override Task<Topic> UpdateTopic(UpdateTopicRequest request, ServerCallContext context)
    {
        if (request.Topic is null || request.UpdateMask is not { Paths.Count: > 0 } mask)
        {
            throw Errors.Invalid("topic and update_mask must be given; the mask names at least one field.");
        }

        CheckRetention(request.Topic);
        var topic = broker.Topics.Update(request.Topic.Name, current => Change(current, request.Topic, mask)) ?? throw MessageBroker.Missing(request.Topic.Name);
        ShareRetention(topic);
        return Task.FromResult(topic);
    }

    public override Task<PublishResponse> Publish(PublishRequest request, ServerCallContext context)
    {
        MessageLimits.Check(request);
        var ids = broker.Publish(request.Topic, request.Messages) ?? throw MessageBroker.Missing(request.Topic);
        return Task.FromResult(new PublishResponse { MessageIds = { ids } });
    }

    public override Task<Topic> GetTopic(GetTopicRequest request, ServerCallContext context) => Task.FromResult(Topic(request.Topic));

    public override Task<ListTopicsResponse> ListTopics(ListTopicsRequest request, ServerCallContext context)
    {
        var page = Page.Of(broker.Topics.List($"{request.Project}/topics"), request.PageSize, request.PageToken);
        return Task.FromResult(new ListTopicsResponse { Topics = { page.Items }, NextPageToken = page.NextToken });
    }

    public override Task<ListTopicSubscriptionsResponse> ListTopicSubscriptions(ListTopicSubscriptionsRequest request, ServerCallContext context)
    {
        Topic(request.Topic);
        var attached = broker.Subscriptions.Lookup(request.Topic).Where(subscription => !subscription.Detached).Select(subscription => subscription.Name).ToArray();
        var page = Page.Of(attached, request.PageSize, request.PageToken);
        return Task.FromResult(new ListTopicSubscriptionsResponse { Subscriptions = { page.Items }, NextPageToken = page.NextToken });
    }

    public override Task<Empty> DeleteTopic(DeleteTopicRequest request, ServerCallContext context)
    {
        if (!broker.Topics.Remove(request.Topic))
        {
            throw MessageBroker.Missing(request.Topic);
        }

        broker.Orphan(request.Topic);
        return Task.FromResult(new Empty());
    }

    public override Task<DetachSubscriptionResponse> DetachSubscription(DetachSubscriptionRequest request, ServerCallContext context)
    {
        var detached = broker.Subscriptions.Update(request.Subscription, current =>
        {
            current.Detached = true;
            return current;
        }) ?? throw MessageBroker.Missing(request.Subscription);
        broker.Configure(detached);
        broker.Queue(request.Subscription).Clear();
        return Task.FromResult(new DetachSubscriptionResponse());
    }

    private Topic Topic(string name) => broker.Topics.Find(name) ?? throw MessageBroker.Missing(name);

    private static Topic Change(Topic current, Topic wanted, FieldMask mask)
    {
        foreach (var path in mask.Paths)
        {
            switch (path)
            {
                case "labels":
                    current.Labels.Clear();
                    current.Labels.Add(wanted.Labels);
                    break;
                case "message_retention_duration":
                    current.MessageRetentionDuration = wanted.MessageRetentionDuration;
                    break;
                case "message_storage_policy":
                    current.MessageStoragePolicy = wanted.MessageStoragePolicy;
                    break;
                case "schema_settings":
                    current.SchemaSettings = wanted.SchemaSettings;
                    break;
                default:
                    throw Errors.Invalid($"Invalid update_mask provided in the UpdateTopicRequest: '{path}' is not a known or updatable Topic field.");
            }
        }

        return current;
    }

    private void ShareRetention(Topic topic)
    {
        foreach (var subscription in broker.Subscriptions.Lookup(topic.Name))
        {
            broker.Subscriptions.Update(subscription.Name, current =>
            {
                current.TopicMessageRetentionDuration = topic.MessageRetentionDuration;
                return current;
            });
        }

        broker.ConfigureAll(topic.Name);
    }

    private static void CheckRetention(Topic topic)
    {
        if (topic.MessageRetentionDuration?.ToTimeSpan() is { } retention && (retention < MinRetention || retention > MaxRetention))
        {
            throw Errors.Invalid("message_retention_duration of a topic is between 10 minutes and 31 days.");
        }
    }
}
