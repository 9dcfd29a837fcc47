using Google.Cloud.PubSub.V1;

namespace BinAuthz.Emulator.PubSub;

/// <summary>Pushes the messages of one subscription: a 2xx answer acknowledges, everything else refuses.</summary>
internal sealed class PushPump : IDisposable
{
    private const int MaxOutstanding = 64;

    private readonly Lock gate = new();
    private readonly SubscriptionQueue queue;
    private readonly HttpClient http;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stopping = new();
    private int outstanding;

    public PushPump(SubscriptionQueue queue, HttpClient http, TimeProvider time)
    {
        (this.queue, this.http, this.time) = (queue, http, time);
        queue.Ready = Pump;
    }

    public static bool IsPushed(Subscription subscription) => subscription.PushConfig is { PushEndpoint.Length: > 0 };

    /// <summary>Starts as many pushes as messages and the limit allow.</summary>
    public void Pump()
    {
        List<ReceivedMessage> taken;
        lock (gate)
        {
            if (stopping.IsCancellationRequested || outstanding >= MaxOutstanding || !IsPushed(queue.Subscription))
            {
                return;
            }

            taken = queue.Take(MaxOutstanding - outstanding, Timeout.InfiniteTimeSpan);
            outstanding += taken.Count;
        }

        foreach (var message in taken)
        {
            _ = Task.Run(() => DeliverAsync(message));
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            stopping.Cancel();
        }
    }

    private async Task DeliverAsync(ReceivedMessage message)
    {
        var delivered = await PushAsync(message).ConfigureAwait(false);
        lock (gate)
        {
            outstanding--;
        }

        if (stopping.IsCancellationRequested)
        {
            return;
        }

        if (delivered)
        {
            queue.Acknowledge([message.AckId]);
        }
        else
        {
            queue.ModifyDeadline([message.AckId], TimeSpan.Zero);
        }
    }

    private async Task<bool> PushAsync(ReceivedMessage message)
    {
        var subscription = queue.Subscription;
        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(subscription.AckDeadlineSeconds), time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stopping.Token);
            using var request = PushRequest.Create(subscription, message);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or InvalidOperationException or UriFormatException)
        {
            return false;
        }
    }
}
