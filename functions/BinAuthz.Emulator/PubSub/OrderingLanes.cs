using Google.Cloud.PubSub.V1;

namespace BinAuthz.Emulator.PubSub;

/// <summary>Lets one message of each ordering key through at a time, in the order of arrival.</summary>
internal sealed class OrderingLanes
{
    private readonly Dictionary<string, Queue<Delivery>> lanes = new(StringComparer.Ordinal);

    /// <returns>Whether the message may be handed out now.</returns>
    public bool Enter(Delivery delivery, Subscription subscription)
    {
        if (!IsOrdered(delivery, subscription))
        {
            return true;
        }

        if (lanes.TryGetValue(delivery.Message.OrderingKey, out var lane))
        {
            lane.Enqueue(delivery);
            return false;
        }

        lanes[delivery.Message.OrderingKey] = new Queue<Delivery>();
        return true;
    }

    /// <returns>The message that may be handed out instead.</returns>
    public Delivery? Leave(Delivery delivery, Subscription subscription)
    {
        if (delivery.State == DeliveryState.Blocked || !IsOrdered(delivery, subscription) || !lanes.TryGetValue(delivery.Message.OrderingKey, out var lane))
        {
            return null;
        }

        while (lane.TryDequeue(out var next))
        {
            if (next.State == DeliveryState.Blocked)
            {
                return next;
            }
        }

        lanes.Remove(delivery.Message.OrderingKey);
        return null;
    }

    public void Clear() => lanes.Clear();

    private static bool IsOrdered(Delivery delivery, Subscription subscription) => subscription.EnableMessageOrdering && delivery.Message.OrderingKey.Length > 0;
}
