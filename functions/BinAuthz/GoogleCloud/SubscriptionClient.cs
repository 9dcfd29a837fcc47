using Google.Protobuf.WellKnownTypes;
using PubSub = Google.Cloud.PubSub.V1;

namespace BinAuthz.GoogleCloud;

/// <summary>Pub/Sub: which subscriptions there are, and making those that are pulled.</summary>
internal sealed class SubscriptionClient(GoogleChannels channels)
{
    private const int PageSize = 1000;
    private const int AckDeadline = 60;
    private readonly PubSub.Subscriber.SubscriberClient client = new(channels.For("pubsub.googleapis.com"));

    /// <summary>The subscriptions of a project, to topics of any project.</summary>
    public async Task<IReadOnlyList<TopicSubscription>> ListAsync(string project, CancellationToken cancellationToken)
    {
        var subscriptions = new List<TopicSubscription>();
        var request = new PubSub.ListSubscriptionsRequest { Project = $"projects/{project}", PageSize = PageSize };
        var tokens = new PageTokens("ListSubscriptions", request.Project);
        do
        {
            var page = await client.ListSubscriptionsAsync(request, Routing.To("project", request.Project, cancellationToken)).ConfigureAwait(false);
            subscriptions.AddRange(page.Subscriptions.Select(each => new TopicSubscription(
                each.Name, each.Topic, each.PushConfig?.PushEndpoint ?? "", each.DeadLetterPolicy?.DeadLetterTopic ?? "")));
            request.PageToken = page.NextPageToken;
        }
        while (tokens.Follow(request.PageToken));
        return subscriptions;
    }

    /// <summary>Makes a subscription to pull from, unless there is one of that name. It keeps messages for a week, and never expires itself: the default is after 31 idle days (proto: ExpirationPolicy).</summary>
    /// <returns>Whether it was made.</returns>
    public Task<bool> EnsurePulledAsync(string name, string topic, CancellationToken cancellationToken)
    {
        var subscription = new PubSub.Subscription
        {
            Name = name,
            Topic = topic,
            AckDeadlineSeconds = AckDeadline,
            MessageRetentionDuration = Duration.FromTimeSpan(TimeSpan.FromDays(7)),
            ExpirationPolicy = new PubSub.ExpirationPolicy(),
        };
        return Creation.UnlessExistsAsync(client.CreateSubscriptionAsync(subscription, Routing.To("name", name, cancellationToken)));
    }
}
