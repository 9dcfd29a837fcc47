using Google.Cloud.PubSub.V1;

namespace BinAuthz.Emulator.PubSub;

/// <summary>
/// The messages of one subscription: handed out under a lease, acknowledged, or delivered again. Counts of attempts
/// do not survive a restart; messages do.
/// </summary>
internal sealed class SubscriptionQueue : IDisposable
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly EmulatorSwitches switches;
    private readonly MessageJournal journal;
    private readonly Func<Subscription, PubsubMessage, int, bool> deadLetter;
    private readonly AckIds ackIds;
    private readonly DeliverySchedule schedule;
    private readonly RetainedMessages retained;
    private readonly ReadyQueue ready = new();
    private readonly Dictionary<long, Delivery> deliveries = [];
    private readonly OrderingLanes lanes = new();
    private readonly Random dice = new(1);
    private readonly Pulse arrivals = new();
    private MessageFilter filter;
    private bool retains;

    public SubscriptionQueue(Subscription subscription, MessageJournal journal, TimeProvider time, EmulatorSwitches switches, Func<Subscription, PubsubMessage, int, bool> deadLetter)
    {
        (this.journal, this.time, this.switches, this.deadLetter) = (journal, time, switches, deadLetter);
        Subscription = subscription;
        filter = MessageFilter.Parse(subscription.Filter);
        ackIds = new AckIds(subscription.Name);
        retained = new RetainedMessages(subscription.Name, journal);
        schedule = new DeliverySchedule(time, OnTimer);
        foreach (var stored in journal.Take(subscription.Name))
        {
            Restore(stored.Message, stored.Acknowledged);
        }
    }

    /// <summary>The current settings; never changed in place.</summary>
    public Subscription Subscription { get; private set; }

    /// <summary>Called when messages may have become ready.</summary>
    public Action? Ready { get; set; }

    public void Configure(Subscription subscription, bool retainAcknowledged)
    {
        lock (gate)
        {
            Subscription = subscription;
            filter = MessageFilter.Parse(subscription.Filter);
            retains = retainAcknowledged;
            if (!retains)
            {
                retained.Forget(_ => true);
            }
        }

        Signal();
    }

    /// <summary>Stores a published message, unless the filter refuses it.</summary>
    public void Add(PubsubMessage message)
    {
        if (!filter.Matches(message.Attributes) || Subscription.Detached)
        {
            return;
        }

        journal.Put(Subscription.Name, message, acknowledged: false);
        lock (gate)
        {
            Enqueue(new Delivery(MessageJournal.Id(message), message));
        }

        Signal();
    }

    /// <summary>Hands out up to <paramref name="max"/> messages; with <see cref="Timeout.InfiniteTimeSpan"/> until they are settled.</summary>
    public List<ReceivedMessage> Take(int max, TimeSpan lease)
    {
        var taken = new List<ReceivedMessage>();
        lock (gate)
        {
            var now = time.GetUtcNow();
            while (taken.Count < max && ready.TryDequeue(switches.ReorderDeliveries ? dice : null) is { } delivery)
            {
                if (delivery.State != DeliveryState.Ready)
                {
                    continue;
                }

                if (IsTooOld(delivery.Message, now))
                {
                    Drop(delivery);
                    continue;
                }

                delivery.State = DeliveryState.Leased;
                delivery.Attempts++;
                if (lease != Timeout.InfiniteTimeSpan)
                {
                    schedule.Add(delivery, now + lease);
                }

                taken.Add(Received(delivery));
            }
        }

        return taken;
    }

    /// <summary>Ends when messages may have become ready after this call.</summary>
    public Task Arrival => arrivals.Next;

    /// <summary>Takes messages out for good. A late acknowledgement counts, except with exactly-once delivery.</summary>
    public void Acknowledge(IEnumerable<string> ids)
    {
        var invalid = false;
        lock (gate)
        {
            foreach (var ackId in ids)
            {
                if (Find(ackId, out var current) is not { } delivery || (Subscription.EnableExactlyOnceDelivery && !current))
                {
                    invalid = true;
                    continue;
                }

                Settle(delivery);
            }
        }

        Signal();
        RefuseIf(invalid && Subscription.EnableExactlyOnceDelivery);
    }

    /// <summary>Moves the end of leases; zero refuses the messages.</summary>
    public void ModifyDeadline(IEnumerable<string> ids, TimeSpan lease)
    {
        var invalid = false;
        var dead = new List<Delivery>();
        lock (gate)
        {
            foreach (var ackId in ids)
            {
                if (Find(ackId, out var current) is not { State: DeliveryState.Leased } delivery || !current)
                {
                    invalid = true;
                }
                else if (lease == TimeSpan.Zero)
                {
                    Refuse(delivery, dead);
                }
                else
                {
                    schedule.Add(delivery, time.GetUtcNow() + lease);
                }
            }
        }

        Bury(dead);
        Signal();
        RefuseIf(invalid && Subscription.EnableExactlyOnceDelivery);
    }

    /// <summary>Declares messages acknowledged or not, as <paramref name="isOutstanding"/> says.</summary>
    public void Seek(Func<PubsubMessage, bool> isOutstanding)
    {
        lock (gate)
        {
            foreach (var delivery in deliveries.Values.Where(delivery => !isOutstanding(delivery.Message)).ToArray())
            {
                delivery.IsDuplicate = true;
                Settle(delivery);
            }

            foreach (var (id, message) in retained.Take(isOutstanding))
            {
                Enqueue(new Delivery(id, message));
            }
        }

        Signal();
    }

    /// <summary>The ids of what is not acknowledged, and the oldest moment among them.</summary>
    public (IReadOnlyList<long> Ids, DateTimeOffset Oldest) Backlog()
    {
        lock (gate)
        {
            var oldest = deliveries.Values.Select(delivery => delivery.Message.PublishTime.ToDateTimeOffset()).DefaultIfEmpty(time.GetUtcNow()).Min();
            return ([.. deliveries.Keys.Order()], oldest);
        }
    }

    /// <summary>Drops every message.</summary>
    public void Clear()
    {
        lock (gate)
        {
            foreach (var delivery in deliveries.Values)
            {
                delivery.State = DeliveryState.Gone;
                journal.Remove(Subscription.Name, delivery.Message);
            }

            deliveries.Clear();
            lanes.Clear();
            retained.Forget(_ => true);
        }
    }

    public void Dispose() => schedule.Dispose();

    private void Restore(PubsubMessage message, bool acknowledged)
    {
        var id = MessageJournal.Id(message);
        if (acknowledged)
        {
            retained.Restore(id, message);
            retains = true;
        }
        else
        {
            Enqueue(new Delivery(id, message));
        }
    }

    private void Enqueue(Delivery delivery)
    {
        deliveries[delivery.Id] = delivery;
        if (lanes.Enter(delivery, Subscription))
        {
            MakeReady(delivery);
        }
    }

    private void MakeReady(Delivery delivery)
    {
        delivery.State = DeliveryState.Ready;
        delivery.Due = null;
        ready.Enqueue(delivery);
    }

    private void Settle(Delivery delivery)
    {
        if (!delivery.IsDuplicate && switches.DuplicateDeliveries > 0 && dice.NextDouble() < switches.DuplicateDeliveries)
        {
            delivery.IsDuplicate = true;
            if (delivery.State != DeliveryState.Ready)
            {
                MakeReady(delivery);
            }

            return;
        }

        Release(delivery);
        if (retains)
        {
            retained.Add(delivery.Id, delivery.Message);
            var now = time.GetUtcNow();
            retained.Forget(message => IsTooOld(message, now));
        }
        else
        {
            journal.Remove(Subscription.Name, delivery.Message);
        }
    }

    private void Drop(Delivery delivery)
    {
        Release(delivery);
        journal.Remove(Subscription.Name, delivery.Message);
    }

    private void Release(Delivery delivery)
    {
        deliveries.Remove(delivery.Id);
        var next = lanes.Leave(delivery, Subscription);
        delivery.State = DeliveryState.Gone;
        delivery.Due = null;
        if (next is not null)
        {
            MakeReady(next);
        }
    }

    private void Refuse(Delivery delivery, List<Delivery> dead)
    {
        if (Subscription.DeadLetterPolicy is { DeadLetterTopic.Length: > 0 } policy && delivery.Attempts >= policy.MaxDeliveryAttempts)
        {
            delivery.State = DeliveryState.DeadLettering;
            delivery.Due = null;
            dead.Add(delivery);
        }
        else
        {
            BackOff(delivery);
        }
    }

    private void BackOff(Delivery delivery)
    {
        var wait = RetrySchedule.After(delivery.Attempts, Subscription);
        if (wait == TimeSpan.Zero)
        {
            MakeReady(delivery);
        }
        else
        {
            delivery.State = DeliveryState.BackingOff;
            schedule.Add(delivery, time.GetUtcNow() + wait);
        }
    }

    // Outside the lock, because publishing takes the locks of other subscriptions.
    private void Bury(List<Delivery> dead)
    {
        foreach (var delivery in dead)
        {
            var buried = deadLetter(Subscription, delivery.Message, delivery.Attempts);
            lock (gate)
            {
                if (delivery.State != DeliveryState.DeadLettering)
                {
                    continue;
                }

                if (buried)
                {
                    Drop(delivery);
                }
                else
                {
                    BackOff(delivery);
                }
            }
        }
    }

    private void OnTimer()
    {
        var dead = new List<Delivery>();
        lock (gate)
        {
            foreach (var delivery in schedule.TakeDue())
            {
                if (delivery.State == DeliveryState.Leased)
                {
                    Refuse(delivery, dead);
                }
                else if (delivery.State == DeliveryState.BackingOff)
                {
                    MakeReady(delivery);
                }
            }
        }

        Bury(dead);
        Signal();
    }

    private void Signal()
    {
        arrivals.Fire();
        Ready?.Invoke();
    }

    private bool IsTooOld(PubsubMessage message, DateTimeOffset now) =>
        message.PublishTime.ToDateTimeOffset() + Subscription.MessageRetentionDuration.ToTimeSpan() < now;

    private ReceivedMessage Received(Delivery delivery) => new()
    {
        AckId = ackIds.Of(delivery),
        Message = delivery.Message,
        DeliveryAttempt = Subscription.DeadLetterPolicy is { DeadLetterTopic.Length: > 0 } ? delivery.Attempts : 0,
    };

    private Delivery? Find(string ackId, out bool isCurrent)
    {
        var (id, attempt) = ackIds.Parse(ackId);
        var delivery = deliveries.GetValueOrDefault(id);
        isCurrent = delivery?.State == DeliveryState.Leased && delivery.Attempts == attempt;
        return delivery;
    }

    private static void RefuseIf(bool invalid)
    {
        if (invalid)
        {
            throw AckIds.Expired();
        }
    }
}
