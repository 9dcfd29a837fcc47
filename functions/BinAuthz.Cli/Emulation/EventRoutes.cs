using BinAuthz.Approval.Pushes;
using BinAuthz.Denials;
using BinAuthz.GoogleCloud;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Log = Google.Cloud.Logging.V2;
using PubSub = Google.Cloud.PubSub.V1;

namespace BinAuthz.Cli.Emulation;

/// <summary>
/// Routes the events of a project to the functions as Eventarc does: topics, log sinks for the audit entries of pushes and for
/// what is alerted on, push subscriptions with retry, a dead-letter topic.
/// </summary>
internal sealed class EventRoutes(GrpcChannel channel, string project, string location)
{
    /// <summary>Where messages go that could not be handled.</summary>
    public const string DeadLetterTopic = "binauthz-dead-letter";

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
    private readonly Log.ConfigServiceV2.ConfigServiceV2Client sinks = new(channel);

    /// <summary>The full name of the topic that leads to the alerting function.</summary>
    public static string Denials(string project) => $"projects/{project}/topics/{EventTopics.Denials}";

    /// <summary>Where a person can pull the alerts of an environment.</summary>
    public static string AlertsSubscription(string project, string environment) => $"projects/{project}/subscriptions/{environment}-alerts";

    /// <summary>Where a person can pull what the audits of an environment find.</summary>
    public static string FindingsSubscription(string project, string environment) => $"projects/{project}/subscriptions/{environment}-findings";

    /// <summary>Makes what is missing, and points what is there at the signing function of an environment.</summary>
    public async Task RouteAsync(Uri function, string environment, CancellationToken cancellationToken)
    {
        var resign = EventTopics.Resign(project, environment);
        await MakeTopicsAsync([.. Triggers.Append(DeadLetterTopic).Select(Topic), resign], cancellationToken).ConfigureAwait(false);
        await MakeSinkAsync(EventTopics.PushEntries, PushLogEntry.SinkFilter, cancellationToken).ConfigureAwait(false);
        await PullDeadLettersAsync(cancellationToken).ConfigureAwait(false);
        foreach (var topic in Triggers)
        {
            await RouteAsync("sign-image", Topic(topic), AckDeadline, function, cancellationToken).ConfigureAwait(false);
        }

        await RouteAsync("sign-image", resign, LongestAckDeadline, function, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same for the alerting function; its own topics get a subscription to pull from.</summary>
    public async Task RouteDenialsAsync(Uri function, IEnumerable<string> environments, CancellationToken cancellationToken)
    {
        await MakeTopicsAsync([Topic(EventTopics.Denials), Topic(DeadLetterTopic)], cancellationToken).ConfigureAwait(false);
        await MakeSinkAsync(EventTopics.Denials, LogFilters.Sink, cancellationToken).ConfigureAwait(false);
        await PullDeadLettersAsync(cancellationToken).ConfigureAwait(false);
        foreach (var environment in environments)
        {
            var alerts = AlertsTopic.Of(project, environment);
            await MakeTopicsAsync([alerts], cancellationToken).ConfigureAwait(false);
            await EnsureAsync(() => CreateAsync(new PubSub.Subscription { Name = AlertsSubscription(project, environment), Topic = alerts }, cancellationToken)).ConfigureAwait(false);
        }

        await RouteAsync("alert-on-denial", Topic(EventTopics.Denials), AckDeadline, function, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets a person pull what the audits of an environment find.</summary>
    public async Task PullFindingsAsync(string environment, CancellationToken cancellationToken)
    {
        var topic = EventTopics.Findings(project, environment);
        await MakeTopicsAsync([topic], cancellationToken).ConfigureAwait(false);
        await EnsureAsync(() => CreateAsync(new PubSub.Subscription { Name = FindingsSubscription(project, environment), Topic = topic }, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Lets the auditing function ask itself for parts of a large audit.</summary>
    public async Task RouteAuditsAsync(Uri function, string environment, CancellationToken cancellationToken)
    {
        var topic = EventTopics.Audit(project, environment);
        await MakeTopicsAsync([topic, Topic(DeadLetterTopic)], cancellationToken).ConfigureAwait(false);
        await RouteAsync("audit-attestations", topic, LongestAckDeadline, function, cancellationToken).ConfigureAwait(false);
    }

    private async Task MakeTopicsAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            await EnsureAsync(() => topics.CreateTopicAsync(new PubSub.Topic { Name = name }, cancellationToken: cancellationToken).ResponseAsync).ConfigureAwait(false);
        }
    }

    private Task<bool> MakeSinkAsync(string topic, string filter, CancellationToken cancellationToken)
    {
        var sink = new Log.LogSink { Name = topic, Destination = $"pubsub.googleapis.com/{Topic(topic)}", Filter = filter };
        return EnsureAsync(() => sinks.CreateSinkAsync(new Log.CreateSinkRequest { Parent = $"projects/{project}", Sink = sink }, cancellationToken: cancellationToken).ResponseAsync);
    }

    private Task<bool> PullDeadLettersAsync(CancellationToken cancellationToken) =>
        EnsureAsync(() => CreateAsync(new PubSub.Subscription { Name = $"projects/{project}/subscriptions/{DeadLetterTopic}", Topic = Topic(DeadLetterTopic) }, cancellationToken));

    private async Task RouteAsync(string service, string topic, int ackDeadline, Uri function, CancellationToken cancellationToken)
    {
        var push = new PubSub.PushConfig { PushEndpoint = function.ToString() };
        var subscription = new PubSub.Subscription
        {
            Name = $"projects/{project}/subscriptions/eventarc-{location}-{service}-{topic[(topic.LastIndexOf('/') + 1)..]}",
            Topic = topic,
            AckDeadlineSeconds = ackDeadline,
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
