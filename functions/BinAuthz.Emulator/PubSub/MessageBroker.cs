using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Hosting;

namespace BinAuthz.Emulator.PubSub;

/// <summary>Topics, subscriptions, and the way of a message from the one to the others.</summary>
internal sealed class MessageBroker : IMessageBus, IHostedService, IDisposable
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, SubscriptionQueue> queues = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PushPump> pumps = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImmutableArray<SubscriptionQueue>> routes = new(StringComparer.Ordinal);
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30), UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Table<StoredSnapshot> snapshots;
    private readonly MessageJournal journal;
    private readonly TimeProvider time;
    private readonly EmulatorSwitches switches;
    private long lastId;

    public MessageBroker(EmulatorStore store, TimeProvider time, EmulatorSwitches switches)
    {
        (this.time, this.switches) = (time, switches);
        Topics = store.Table("pubsub-topic", Topic.Parser);
        Subscriptions = store.Table("pubsub-subscription", Subscription.Parser, subscription => [subscription.Topic]);
        snapshots = store.Table("pubsub-snapshot", StoredSnapshot.Parser, stored => [stored.Snapshot.Topic]);
        journal = new MessageJournal(store);
        lastId = journal.LastId;
        foreach (var subscription in Subscriptions.All())
        {
            Open(subscription);
        }

        journal.DropRest();
    }

    public Table<Topic> Topics { get; }

    public Table<Subscription> Subscriptions { get; }

    public Table<StoredSnapshot> Snapshots => snapshots;

    /// <summary>Of the message published last.</summary>
    public long LastId => Interlocked.Read(ref lastId);

    /// <summary>Hands messages to every subscription of a topic.</summary>
    /// <returns>The new ids, or null when there is no such topic.</returns>
    public IReadOnlyList<string>? Publish(string topic, IEnumerable<PubsubMessage> messages)
    {
        if (Topics.Find(topic) is null)
        {
            return null;
        }

        var ids = new List<string>();
        var subscribers = routes.GetValueOrDefault(topic, []);
        foreach (var message in messages)
        {
            Stamp(message);
            ids.Add(message.MessageId);
            foreach (var subscriber in subscribers)
            {
                subscriber.Add(message);
            }
        }

        return ids;
    }

    void IMessageBus.Publish(string topic, byte[] data, IReadOnlyDictionary<string, string> attributes)
    {
        var message = new PubsubMessage { Data = ByteString.CopyFrom(data) };
        foreach (var (key, value) in attributes)
        {
            message.Attributes[key] = value;
        }

        Publish(topic, [message]);
    }

    /// <exception cref="Grpc.Core.RpcException">NOT_FOUND.</exception>
    public SubscriptionQueue Queue(string subscription) => queues.GetValueOrDefault(subscription) ?? throw Missing(subscription);

    public static Grpc.Core.RpcException Missing(string name) => Errors.NotFound($"Resource not found (resource={ResourceNames.Id(name)}).");

    /// <summary>Starts to deliver to a new subscription.</summary>
    public void Open(Subscription subscription)
    {
        var queue = new SubscriptionQueue(subscription, journal, time, switches, DeadLetter);
        queues[subscription.Name] = queue;
        pumps[subscription.Name] = new PushPump(queue, http, time);
        Configure(subscription);
        Route(subscription.Topic);
    }

    /// <summary>Takes over changed settings.</summary>
    public void Configure(Subscription subscription)
    {
        var retain = subscription.RetainAckedMessages || subscription.TopicMessageRetentionDuration is not null || snapshots.Lookup(subscription.Topic).Count > 0;
        queues.GetValueOrDefault(subscription.Name)?.Configure(subscription, retain);
    }

    /// <summary>Applies to every subscription of a topic what changed on the topic or its snapshots.</summary>
    public void ConfigureAll(string topic)
    {
        foreach (var subscription in Subscriptions.Lookup(topic))
        {
            Configure(subscription);
        }
    }

    public void Close(Subscription subscription)
    {
        if (queues.TryRemove(subscription.Name, out var queue))
        {
            Route(subscription.Topic);
            pumps.TryRemove(subscription.Name, out var pump);
            pump?.Dispose();
            queue.Clear();
            queue.Dispose();
        }
    }

    /// <summary>Takes a topic away from its subscriptions and snapshots, which go on without it.</summary>
    public void Orphan(string topic)
    {
        foreach (var subscription in Subscriptions.Lookup(topic))
        {
            if (Subscriptions.Update(subscription.Name, current => WithoutTopic(current)) is { } orphan)
            {
                Configure(orphan);
            }
        }

        foreach (var stored in snapshots.Lookup(topic))
        {
            snapshots.Update(stored.Snapshot.Name, current => Orphaned(current));
        }

        Route(topic);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var pump in pumps.Values)
        {
            pump.Pump();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var pump in pumps.Values)
        {
            pump.Dispose();
        }

        return Task.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var queue in queues.Values)
        {
            queue.Dispose();
        }

        http.Dispose();
    }

    private static Subscription WithoutTopic(Subscription subscription)
    {
        subscription.Topic = ResourceNames.DeletedTopic;
        subscription.TopicMessageRetentionDuration = null;
        return subscription;
    }

    private static StoredSnapshot Orphaned(StoredSnapshot stored)
    {
        stored.Snapshot.Topic = ResourceNames.DeletedTopic;
        return stored;
    }

    private void Route(string topic)
    {
        lock (gate)
        {
            routes[topic] = [.. queues.Values.Where(queue => queue.Subscription.Topic == topic)];
        }
    }

    // Google's times have milliseconds here; ids grow, also over restarts.
    private void Stamp(PubsubMessage message)
    {
        var now = time.GetUtcNow();
        var candidate = now.ToUnixTimeMilliseconds() * 1000;
        long id;
        long last;
        do
        {
            last = Interlocked.Read(ref lastId);
            id = Math.Max(last + 1, candidate);
        }
        while (Interlocked.CompareExchange(ref lastId, id, last) != last);

        message.MessageId = id.ToString(CultureInfo.InvariantCulture);
        message.PublishTime = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()));
    }

    private bool DeadLetter(Subscription subscription, PubsubMessage message, int attempts)
    {
        var dead = new PubsubMessage { Data = message.Data, OrderingKey = message.OrderingKey, Attributes = { message.Attributes } };
        dead.Attributes["CloudPubSubDeadLetterSourceDeliveryCount"] = attempts.ToString(CultureInfo.InvariantCulture);
        dead.Attributes["CloudPubSubDeadLetterSourceSubscription"] = ResourceNames.Id(subscription.Name);
        dead.Attributes["CloudPubSubDeadLetterSourceSubscriptionProject"] = ResourceNames.Project(subscription.Name);
        dead.Attributes["CloudPubSubDeadLetterSourceTopicPublishTime"] = message.PublishTime.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
        return Publish(subscription.DeadLetterPolicy.DeadLetterTopic, [dead]) is not null;
    }
}
