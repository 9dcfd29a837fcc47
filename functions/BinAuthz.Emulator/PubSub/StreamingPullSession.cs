using BinAuthz.Emulator.Hosting;
using Google.Cloud.PubSub.V1;
using Grpc.Core;

namespace BinAuthz.Emulator.PubSub;

/// <summary>One streaming pull: messages go out as they become ready, within what the client allows to be outstanding.</summary>
internal sealed class StreamingPullSession(SubscriptionQueue queue, StreamingPullRequest first)
{
    private const int MaxBatch = 100;

    private readonly Lock gate = new();
    private readonly HashSet<string> outstanding = new(StringComparer.Ordinal);
    private readonly long limit = first.MaxOutstandingMessages > 0 ? first.MaxOutstandingMessages : long.MaxValue;
    private readonly Pulse settled = new();
    private int leaseSeconds = first.StreamAckDeadlineSeconds;

    public async Task RunAsync(IAsyncStreamReader<StreamingPullRequest> requests, IServerStreamWriter<StreamingPullResponse> responses, CancellationToken cancellationToken)
    {
        SubscriptionSettings.CheckDeadline(leaseSeconds);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = SendAsync(responses, ended.Token);
        try
        {
            Settle(first);
            while (await requests.MoveNext(ended.Token).ConfigureAwait(false))
            {
                Settle(requests.Current);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The client has gone; its leases run out.
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await sending.ConfigureAwait(false);
        }
    }

    private async Task SendAsync(IServerStreamWriter<StreamingPullResponse> responses, CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var arrival = queue.Arrival;
                var room = settled.Next;
                var taken = Take();
                if (taken.Count == 0)
                {
                    await Task.WhenAny(arrival, room).WaitAsync(cancellationToken).ConfigureAwait(false);
                    continue;
                }

                var response = new StreamingPullResponse { ReceivedMessages = { taken } };
                response.SubscriptionProperties = new StreamingPullResponse.Types.SubscriptionProperties
                {
                    ExactlyOnceDeliveryEnabled = queue.Subscription.EnableExactlyOnceDelivery,
                    MessageOrderingEnabled = queue.Subscription.EnableMessageOrdering,
                };
                await responses.WriteAsync(response, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or InvalidOperationException or IOException)
        {
            // The stream is over.
        }
    }

    private List<ReceivedMessage> Take()
    {
        lock (gate)
        {
            var taken = queue.Take((int)Math.Min(MaxBatch, limit - outstanding.Count), TimeSpan.FromSeconds(leaseSeconds));
            outstanding.UnionWith(taken.Select(message => message.AckId));
            return taken;
        }
    }

    private void Settle(StreamingPullRequest request)
    {
        if (request.ModifyDeadlineSeconds.Count != request.ModifyDeadlineAckIds.Count)
        {
            throw Errors.Invalid("modify_deadline_seconds and modify_deadline_ack_ids must have the same number of entries.");
        }

        if (request.StreamAckDeadlineSeconds != 0)
        {
            SubscriptionSettings.CheckDeadline(request.StreamAckDeadlineSeconds);
            leaseSeconds = request.StreamAckDeadlineSeconds;
        }

        queue.Acknowledge(request.AckIds);
        Forget(request.AckIds);
        for (var index = 0; index < request.ModifyDeadlineAckIds.Count; index++)
        {
            var (ackId, seconds) = (request.ModifyDeadlineAckIds[index], request.ModifyDeadlineSeconds[index]);
            queue.ModifyDeadline([ackId], TimeSpan.FromSeconds(seconds));
            if (seconds == 0)
            {
                Forget([ackId]);
            }
        }
    }

    private void Forget(IEnumerable<string> ackIds)
    {
        lock (gate)
        {
            outstanding.ExceptWith(ackIds);
        }

        settled.Fire();
    }
}
