using BinAuthz.GoogleCloud;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using PubSub = Google.Cloud.PubSub.V1;

namespace BinAuthz.Cli.Emulation;

/// <summary>
/// Routes the events of an environment to the functions as the deployment does: push subscriptions with retry and dead letters. The log
/// sinks, and what keeps the dead letters, are made by <see cref="Setup.EnvironmentSetup"/>.
/// </summary>
internal sealed class EventRoutes(GrpcChannel channel, string project, string location, string environment)
{
    // docs: eventarc/docs/retry-events
    private static readonly Duration ShortestWait = Duration.FromTimeSpan(TimeSpan.FromSeconds(10));
    private static readonly Duration LongestWait = Duration.FromTimeSpan(TimeSpan.FromSeconds(600));
    private const int DeliveryAttempts = 5;
    private const int AckDeadline = 60;

    // A batch that is signed anew waits out a quota. This is the longest there is, and more than a function has (docs: functions/configuring/timeout).
    private const int LongestAckDeadline = 600;

    private static readonly string[] Triggers = [EventTopics.Pushes, EventTopics.Occurrences, EventTopics.PushEntries];

    private readonly PubSub.Publisher.PublisherClient topics = new(channel);
    private readonly PubSub.Subscriber.SubscriberClient subscriptions = new(channel);
    private readonly string deadLetters = EventTopics.DeadLetters(project, environment).Topic;

    /// <summary>The full name of the topic that leads to the alerting function.</summary>
    public static string Denials(string project) => $"projects/{project}/topics/{EventTopics.Denials}";

    /// <summary>Where a person can pull the alerts of an environment.</summary>
    public static string AlertsSubscription(string project, string environment) => $"projects/{project}/subscriptions/{environment}-alerts";

    /// <summary>Where a person can pull what the audits of an environment find.</summary>
    public static string FindingsSubscription(string project, string environment) => $"projects/{project}/subscriptions/{environment}-findings";

    /// <summary>Makes what is missing, and points what is there at the signing function.</summary>
    public async Task RouteAsync(Uri function, CancellationToken cancellationToken)
    {
        foreach (var topic in Triggers)
        {
            await RouteAsync("sign-image", Topic(topic), AckDeadline, function, cancellationToken).ConfigureAwait(false);
        }

        await RouteAsync("sign-image", EventTopics.Resign(project, environment), LongestAckDeadline, function, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same for the alerting function; its own topics get a subscription to pull from.</summary>
    public async Task RouteDenialsAsync(Uri function, IEnumerable<string> environments, CancellationToken cancellationToken)
    {
        foreach (var each in environments)
        {
            await PullAsync(AlertsSubscription(project, each), AlertsTopic.Of(project, each), cancellationToken).ConfigureAwait(false);
        }

        await RouteAsync("alert-on-denial", Topic(EventTopics.Denials), AckDeadline, function, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same for the auditing function, which asks itself for parts of a large audit; a person can pull what it finds.</summary>
    public async Task RouteAuditsAsync(Uri function, CancellationToken cancellationToken)
    {
        await PullAsync(FindingsSubscription(project, environment), EventTopics.Findings(project, environment), cancellationToken).ConfigureAwait(false);
        await RouteAsync("audit-attestations", EventTopics.Audit(project, environment), LongestAckDeadline, function, cancellationToken).ConfigureAwait(false);
    }

    private async Task PullAsync(string subscription, string topic, CancellationToken cancellationToken)
    {
        await MakeTopicAsync(topic, cancellationToken).ConfigureAwait(false);
        await EnsureAsync(() => CreateAsync(new PubSub.Subscription { Name = subscription, Topic = topic }, cancellationToken)).ConfigureAwait(false);
    }

    private Task<bool> MakeTopicAsync(string topic, CancellationToken cancellationToken) =>
        EnsureAsync(() => topics.CreateTopicAsync(new PubSub.Topic { Name = topic }, cancellationToken: cancellationToken).ResponseAsync);

    private async Task RouteAsync(string service, string topic, int ackDeadline, Uri function, CancellationToken cancellationToken)
    {
        await MakeTopicAsync(topic, cancellationToken).ConfigureAwait(false);
        var push = new PubSub.PushConfig { PushEndpoint = function.ToString() };
        var subscription = new PubSub.Subscription
        {
            Name = $"projects/{project}/subscriptions/eventarc-{location}-{service}-{topic[(topic.LastIndexOf('/') + 1)..]}",
            Topic = topic,
            AckDeadlineSeconds = ackDeadline,
            PushConfig = push,
            RetryPolicy = new PubSub.RetryPolicy { MinimumBackoff = ShortestWait, MaximumBackoff = LongestWait },
            DeadLetterPolicy = new PubSub.DeadLetterPolicy { DeadLetterTopic = deadLetters, MaxDeliveryAttempts = DeliveryAttempts },
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
