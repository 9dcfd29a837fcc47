using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Cloud.PubSub.V1;
using Google.Protobuf.WellKnownTypes;

namespace BinAuthz.Emulator.PubSub;

/// <summary>Snapshots: what a subscription had not acknowledged, to return to.</summary>
internal sealed class SnapshotStore(MessageBroker broker, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public Snapshot Create(CreateSnapshotRequest request)
    {
        ResourceNames.Check(request.Name, "snapshots");
        var subscription = broker.Subscriptions.Find(request.Subscription) ?? throw MessageBroker.Missing(request.Subscription);
        var (backlog, oldest) = broker.Queue(request.Subscription).Backlog();
        var snapshot = new Snapshot
        {
            Name = request.Name,
            Topic = subscription.Topic,
            ExpireTime = Timestamp.FromDateTimeOffset(oldest + Lifetime),
            Labels = { request.Labels },
        };
        if (!broker.Snapshots.TryAdd(request.Name, new StoredSnapshot { Snapshot = snapshot, Backlog = { backlog }, LastMessageId = broker.LastId }))
        {
            throw Errors.AlreadyExists($"Resource already exists in the project (resource={ResourceNames.Id(request.Name)}).");
        }

        broker.ConfigureAll(subscription.Topic);
        return snapshot;
    }

    public Snapshot Get(string name) => Find(name).Snapshot;

    public Page<Snapshot> List(ListSnapshotsRequest request) =>
        Page.Of([.. broker.Snapshots.List($"{request.Project}/snapshots").Select(stored => stored.Snapshot).Where(snapshot => !IsExpired(snapshot))], request.PageSize, request.PageToken);

    public Snapshot Update(UpdateSnapshotRequest request)
    {
        if (request.Snapshot is null || request.UpdateMask is not { Paths.Count: > 0 } mask)
        {
            throw Errors.Invalid("snapshot and update_mask must be given; the mask names at least one field.");
        }

        Find(request.Snapshot.Name);
        return broker.Snapshots.Update(request.Snapshot.Name, stored => Change(stored, request.Snapshot, mask))!.Snapshot;
    }

    public void Delete(string name)
    {
        var topic = Find(name).Snapshot.Topic;
        broker.Snapshots.Remove(name);
        broker.ConfigureAll(topic);
    }

    /// <summary>Brings a subscription back to the moment of a snapshot, or of a time.</summary>
    public void Seek(SeekRequest request)
    {
        var queue = broker.Queue(request.Subscription);
        switch (request.TargetCase)
        {
            case SeekRequest.TargetOneofCase.Time:
                var moment = request.Time.ToDateTimeOffset();
                queue.Seek(message => message.PublishTime.ToDateTimeOffset() >= moment);
                break;
            case SeekRequest.TargetOneofCase.Snapshot:
                var stored = Find(request.Snapshot);
                if (stored.Snapshot.Topic != queue.Subscription.Topic)
                {
                    throw Errors.Precondition($"The snapshot is of topic {stored.Snapshot.Topic}; the subscription is of topic {queue.Subscription.Topic}.");
                }

                var backlog = stored.Backlog.ToHashSet();
                queue.Seek(message => MessageJournal.Id(message) is var id && (id > stored.LastMessageId || backlog.Contains(id)));
                break;
            default:
                throw Errors.Invalid("A seek has a time or a snapshot.");
        }
    }

    private StoredSnapshot Find(string name) =>
        broker.Snapshots.Find(name) is { } stored && !IsExpired(stored.Snapshot) ? stored : throw MessageBroker.Missing(name);

    private bool IsExpired(Snapshot snapshot) => snapshot.ExpireTime.ToDateTimeOffset() < time.GetUtcNow();

    private static StoredSnapshot Change(StoredSnapshot stored, Snapshot wanted, FieldMask mask)
    {
        foreach (var path in mask.Paths)
        {
            switch (path)
            {
                case "labels":
                    stored.Snapshot.Labels.Clear();
                    stored.Snapshot.Labels.Add(wanted.Labels);
                    break;
                case "expire_time":
                    stored.Snapshot.ExpireTime = wanted.ExpireTime;
                    break;
                default:
                    throw Errors.Invalid($"Invalid update_mask provided in the UpdateSnapshotRequest: '{path}' is not a known or updatable Snapshot field.");
            }
        }

        return stored;
    }
}
