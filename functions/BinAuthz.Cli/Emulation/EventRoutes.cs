using BinAuthz.Approval.Pushes;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Log = Google.Cloud.Logging.V2;
using PubSub = Google.Cloud.PubSub.V1;

namespace BinAuthz.Cli.Emulation;

/// <summary>
/// Routes the events of a project to the signing function as Eventarc does: topics, a log sink for the audit entries of
/// pushes, push subscriptions with retry, a dead-letter topic.
/// </summary>
internal sealed class EventRoutes(GrpcChannel channel, string project, string location)
{
    /// <summary>Where messages go that could not be handled.</summary>
    public const string DeadLetterTopic = "binauthz-dead-letter";

    /// <summary>Where the audit entries of pushes go.</summary>
    public const string PushesTopic = "binauthz-pushes";

    // docs: eventarc/docs/retry-events
    private static readonly Duration ShortestWait = Duration.FromTimeSpan(TimeSpan.FromSeconds(10));
    private static readonly Duration LongestWait = Duration.FromTimeSpan(TimeSpan.FromSeconds(600));
    private const int DeliveryAttempts = 5;
    private const int AckDeadline = 60;

    private static readonly string[] Triggers = ["gcr", "container-analysis-occurrences-v1", PushesTopic];

    private readonly PubSub.Publisher.PublisherClient topics = new(channel);
    private readonly PubSub.Subscriber.SubscriberClient subscriptions = new(channel);
    private readonly Log.ConfigServiceV2.ConfigServiceV2Client sinks = new(channel);

    /// <summary>Makes what is missing, and points what is there at the function.</summary>
    public async Task RouteAsync(Uri function, CancellationToken cancellationToken)
    {
        foreach (var topic in Triggers.Append(DeadLetterTopic))
        {
            await EnsureAsync(() => topics.CreateTopicAsync(new PubSub.Topic { Name = Topic(topic) }, cancellationToken: cancellationToken).ResponseAsync).ConfigureAwait(false);
        }

        var sink = new Log.LogSink { Name = PushesTopic, Destination = $"pubsub.googleapis.com/{Topic(PushesTopic)}", Filter = PushLogEntry.SinkFilter };
        await EnsureAsync(() => sinks.CreateSinkAsync(new Log.CreateSinkRequest { Parent = $"projects/{project}", Sink = sink }, cancellationToken: cancellationToken).ResponseAsync).ConfigureAwait(false);
        await EnsureAsync(() => CreateAsync(new PubSub.Subscription { Name = $"projects/{project}/subscriptions/{DeadLetterTopic}", Topic = Topic(DeadLetterTopic) }, cancellationToken)).ConfigureAwait(false);
        foreach (var topic in Triggers)
        {
            await RouteAsync(topic, function, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RouteAsync(string topic, Uri function, CancellationToken cancellationToken)
    {
        var push = new PubSub.PushConfig { PushEndpoint = function.ToString() };
        var subscription = new PubSub.Subscription
        {
            Name = $"projects/{project}/subscriptions/eventarc-{location}-sign-image-{topic}",
            Topic = Topic(topic),
            AckDeadlineSeconds = AckDeadline,
            PushConfig = push,
            RetryPolicy = new PubSub.RetryPolicy { MinimumBackoff = ShortestWait, MaximumBackoff = LongestWait },
            DeadLetterPolicy = new PubSub.DeadLetterPolicy { DeadLetterTopic = Topic(DeadLetterTopic), MaxDeliveryAttempts = DeliveryAttempts },
        };
        if (!await EnsureAsync(() => CreateAsync(subscription, cancellationToken)).ConfigureAwait(false))
        {
            await subscriptions.ModifyPushConfigAsync(new PubSub.ModifyPushConfigRequest { Subscription = subscription.Name, PushConfig = push }, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<PubSub.Subscription> CreateAsync(PubSub.Subscription subscription, CancellationToken cancellationToken) =>
        subscriptions.CreateSubscriptionAsync(subscription, cancellationToken: cancellationToken).ResponseAsync;

    private string Topic(string id) => $"projects/{project}/topics/{id}";

    private static async Task<bool> EnsureAsync<T>(Func<Task<T>> create)
    {
        try
        {
            await create().ConfigureAwait(false);
            return true;
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.AlreadyExists)
        {
            return false;
        }
    }
}
