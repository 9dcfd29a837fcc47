using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Cloud.PubSub.V1;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace BinAuthz.Emulator.PubSub;

/// <summary>google.pubsub.v1.Subscriber.</summary>
internal sealed class SubscriberService(MessageBroker broker, SnapshotStore snapshots, TimeProvider time) : Subscriber.SubscriberBase
{
    private const int MaxMessages = 1000;

    // Google waits longer; who wants to wait on pulls again.
    private static readonly TimeSpan PullWait = TimeSpan.FromSeconds(1);

    public override Task<Subscription> CreateSubscription(Subscription request, ServerCallContext context)
    {
        ResourceNames.Check(request.Name, "subscriptions");
        SubscriptionSettings.Complete(request);
        var topic = broker.Topics.Find(request.Topic) ?? throw MessageBroker.Missing(request.Topic);
        request.Detached = false;
        request.TopicMessageRetentionDuration = topic.MessageRetentionDuration;
        if (!broker.Subscriptions.TryAdd(request.Name, request))
        {
            throw Errors.AlreadyExists($"Resource already exists in the project (resource={ResourceNames.Id(request.Name)}).");
        }

        broker.Open(request);
        return Task.FromResult(request);
    }

    public override Task<Subscription> GetSubscription(GetSubscriptionRequest request, ServerCallContext context) => Task.FromResult(Find(request.Subscription));

    public override Task<Subscription> UpdateSubscription(UpdateSubscriptionRequest request, ServerCallContext context)
    {
        if (request.Subscription is null || request.UpdateMask is not { Paths.Count: > 0 } mask)
        {
            throw Errors.Invalid("subscription and update_mask must be given; the mask names at least one field.");
        }

        return Task.FromResult(Update(request.Subscription.Name, current => SubscriptionSettings.Change(current, request.Subscription, mask)));
    }

    public override Task<ListSubscriptionsResponse> ListSubscriptions(ListSubscriptionsRequest request, ServerCallContext context)
    {
        var page = Page.Of(broker.Subscriptions.List($"{request.Project}/subscriptions"), request.PageSize, request.PageToken);
        return Task.FromResult(new ListSubscriptionsResponse { Subscriptions = { page.Items }, NextPageToken = page.NextToken });
    }

    public override Task<Empty> DeleteSubscription(DeleteSubscriptionRequest request, ServerCallContext context)
    {
        var subscription = Find(request.Subscription);
        broker.Subscriptions.Remove(request.Subscription);
        broker.Close(subscription);
        return Task.FromResult(new Empty());
    }

    public override Task<Empty> ModifyAckDeadline(ModifyAckDeadlineRequest request, ServerCallContext context)
    {
        CheckAckIds(request.AckIds);
        CheckLease(request.AckDeadlineSeconds);
        broker.Queue(request.Subscription).ModifyDeadline(request.AckIds, TimeSpan.FromSeconds(request.AckDeadlineSeconds));
        return Task.FromResult(new Empty());
    }

    public override Task<Empty> Acknowledge(AcknowledgeRequest request, ServerCallContext context)
    {
        CheckAckIds(request.AckIds);
        broker.Queue(request.Subscription).Acknowledge(request.AckIds);
        return Task.FromResult(new Empty());
    }

    public override async Task<PullResponse> Pull(PullRequest request, ServerCallContext context)
    {
        if (request.MaxMessages <= 0)
        {
            throw Errors.Invalid($"The value for max_messages is {request.MaxMessages}; it must be greater than 0.");
        }

        var queue = PulledQueue(request.Subscription);
#pragma warning disable CS0612 // gcloud sends it.
        var wait = request.ReturnImmediately ? TimeSpan.Zero : PullWait;
#pragma warning restore CS0612
        var max = Math.Min(request.MaxMessages, MaxMessages);
        using var waiting = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(waiting.Token, context.CancellationToken);
        while (true)
        {
            var arrival = queue.Arrival;
            var taken = queue.Take(max, TimeSpan.FromSeconds(queue.Subscription.AckDeadlineSeconds));
            if (taken.Count > 0 || wait == TimeSpan.Zero)
            {
                return new PullResponse { ReceivedMessages = { taken } };
            }

            try
            {
                await arrival.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return new PullResponse();
            }
        }
    }

    public override async Task StreamingPull(IAsyncStreamReader<StreamingPullRequest> requestStream, IServerStreamWriter<StreamingPullResponse> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false) || requestStream.Current.Subscription.Length == 0)
        {
            throw Errors.Invalid("The first request of a streaming pull names the subscription.");
        }

        var session = new StreamingPullSession(PulledQueue(requestStream.Current.Subscription), requestStream.Current);
        await session.RunAsync(requestStream, responseStream, context.CancellationToken).ConfigureAwait(false);
    }

    public override Task<Empty> ModifyPushConfig(ModifyPushConfigRequest request, ServerCallContext context)
    {
        Update(request.Subscription, current =>
        {
            current.PushConfig = request.PushConfig;
            return SubscriptionSettings.Complete(current);
        });
        return Task.FromResult(new Empty());
    }

    public override Task<Snapshot> GetSnapshot(GetSnapshotRequest request, ServerCallContext context) => Task.FromResult(snapshots.Get(request.Snapshot));

    public override Task<ListSnapshotsResponse> ListSnapshots(ListSnapshotsRequest request, ServerCallContext context)
    {
        var page = snapshots.List(request);
        return Task.FromResult(new ListSnapshotsResponse { Snapshots = { page.Items }, NextPageToken = page.NextToken });
    }

    public override Task<Snapshot> CreateSnapshot(CreateSnapshotRequest request, ServerCallContext context) => Task.FromResult(snapshots.Create(request));

    public override Task<Snapshot> UpdateSnapshot(UpdateSnapshotRequest request, ServerCallContext context) => Task.FromResult(snapshots.Update(request));

    public override Task<Empty> DeleteSnapshot(DeleteSnapshotRequest request, ServerCallContext context)
    {
        snapshots.Delete(request.Snapshot);
        return Task.FromResult(new Empty());
    }

    public override Task<SeekResponse> Seek(SeekRequest request, ServerCallContext context)
    {
        snapshots.Seek(request);
        return Task.FromResult(new SeekResponse());
    }

    private Subscription Find(string name) => broker.Subscriptions.Find(name) ?? throw MessageBroker.Missing(name);

    private Subscription Update(string name, Func<Subscription, Subscription> change)
    {
        var changed = broker.Subscriptions.Update(name, change) ?? throw MessageBroker.Missing(name);
        broker.Configure(changed);
        return changed;
    }

    private SubscriptionQueue PulledQueue(string name)
    {
        var queue = broker.Queue(name);
        if (queue.Subscription.Detached)
        {
            throw Errors.Precondition($"The subscription {name} is detached from its topic.");
        }

        return PushPump.IsPushed(queue.Subscription)
            ? throw Errors.Precondition($"The subscription {name} is pushed to {queue.Subscription.PushConfig.PushEndpoint} and cannot be pulled.")
            : queue;
    }

    private static void CheckAckIds(RepeatedField<string> ackIds)
    {
        if (ackIds.Count == 0)
        {
            throw Errors.Invalid("No ack ids specified.");
        }
    }

    private static void CheckLease(int seconds)
    {
        if (seconds is < 0 or > 600)
        {
            throw Errors.Invalid($"Invalid ack deadline given (ack_deadline_seconds={seconds}). It is between 0 and 600 seconds.");
        }
    }
}
