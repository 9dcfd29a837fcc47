namespace BinAuthz.Emulator.PubSub;

/// <summary>When leases and back-offs end. The caller holds the lock of the subscription, except in <paramref name="onDue"/>.</summary>
internal sealed class DeliverySchedule(TimeProvider time, Action onDue) : IDisposable
{
    private readonly PriorityQueue<Delivery, DateTimeOffset> queue = new();
    private ITimer? timer;

    public void Add(Delivery delivery, DateTimeOffset due)
    {
        delivery.Due = due;
        queue.Enqueue(delivery, due);
        if (ReferenceEquals(queue.Peek(), delivery))
        {
            SetTimer();
        }
    }

    /// <summary>Takes out what is due, and sets the timer for the rest.</summary>
    public List<Delivery> TakeDue()
    {
        var due = new List<Delivery>();
        var now = time.GetUtcNow();
        while (queue.TryPeek(out var delivery, out var moment) && moment <= now)
        {
            queue.Dequeue();
            if (delivery.Due == moment)
            {
                delivery.Due = null;
                due.Add(delivery);
            }
        }

        SetTimer();
        return due;
    }

    public void Dispose() => timer?.Dispose();

    private void SetTimer()
    {
        if (queue.TryPeek(out _, out var next))
        {
            var wait = Math.Max(0, Math.Ceiling((next - time.GetUtcNow()).TotalMilliseconds));
            timer ??= time.CreateTimer(_ => onDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
        }
    }
}
