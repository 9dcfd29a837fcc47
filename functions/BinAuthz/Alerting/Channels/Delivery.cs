namespace BinAuthz.Alerting.Channels;

/// <summary>Tries a delivery a few times, within a bounded time.</summary>
/// <param name="limits">The bounds.</param>
/// <param name="time">Between attempts.</param>
internal sealed class Delivery(DeliveryLimits limits, TimeProvider time)
{
    /// <summary>Delivers.</summary>
    /// <param name="channel">The channel's name.</param>
    /// <param name="attempt">One attempt; what it throws says whether another may succeed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AlertChannelException">That of the last attempt.</exception>
    public async Task RunAsync(string channel, Func<CancellationToken, Task> attempt, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limits.Total, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        AlertChannelException? last = null;
        for (var count = 1; ; count++)
        {
            try
            {
                await OnceAsync(channel, attempt, stop.Token).ConfigureAwait(false);
                return;
            }
            catch (AlertChannelException error) when (error.IsTransient && count < limits.Attempts && WaitAfter(error, count) is { } wait)
            {
                last = error;
                if (!await SleepAsync(wait, stop.Token, cancellationToken).ConfigureAwait(false))
                {
                    throw;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw last ?? NoAnswer(channel, limits.Total);
            }
        }
    }

    private async Task OnceAsync(string channel, Func<CancellationToken, Task> attempt, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(limits.Attempt, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            await attempt(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw NoAnswer(channel, limits.Attempt);
        }
    }

    // Null: the service asks for more patience than there is.
    private TimeSpan? WaitAfter(AlertChannelException error, int count)
    {
        var wait = error.RetryAfter ?? limits.Wait * Math.Pow(2, count - 1);
        return wait > limits.LongestWait ? null : wait;
    }

    private async Task<bool> SleepAsync(TimeSpan wait, CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(wait, time, stop).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static AlertChannelException NoAnswer(string channel, TimeSpan within) => new(channel, $"There was no answer within {within.TotalSeconds} s.", isTransient: true);
}
