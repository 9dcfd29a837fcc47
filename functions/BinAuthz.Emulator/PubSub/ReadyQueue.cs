namespace BinAuthz.Emulator.PubSub;

/// <summary>First in, first out; or, on request, any of those that wait.</summary>
internal sealed class ReadyQueue
{
    private Delivery[] ring = new Delivery[16];
    private int head;
    private int count;

    public void Enqueue(Delivery delivery)
    {
        if (count == ring.Length)
        {
            Grow();
        }

        ring[(head + count++) % ring.Length] = delivery;
    }

    /// <summary>Takes the oldest, or one that <paramref name="dice"/> chooses.</summary>
    public Delivery? TryDequeue(Random? dice)
    {
        if (count == 0)
        {
            return null;
        }

        if (dice is not null)
        {
            var other = (head + dice.Next(count)) % ring.Length;
            (ring[head], ring[other]) = (ring[other], ring[head]);
        }

        var delivery = ring[head];
        ring[head] = null!;
        head = (head + 1) % ring.Length;
        count--;
        return delivery;
    }

    private void Grow()
    {
        var larger = new Delivery[ring.Length * 2];
        for (var index = 0; index < count; index++)
        {
            larger[index] = ring[(head + index) % ring.Length];
        }

        (ring, head) = (larger, 0);
    }
}
