using BinAuthz.Alerting;
using BinAuthz.Alerting.Channels;
using Microsoft.Extensions.Time.Testing;

namespace BinAuthz.Tests.Alerting.Channels;

/// <summary>When the next attempt comes, by a clock that the test moves.</summary>
public sealed class DeliveryTests
{
    private readonly FakeTimeProvider time = new();
    private readonly List<TimeSpan> attempts = [];

    [Theory]
    [InlineData(null, new[] { 0, 1, 3 })]
    [InlineData(0, new[] { 0, 0, 0 })]
    [InlineData(10, new[] { 0, 10, 20 })]
    [InlineData(11, new[] { 0 })]
    public async Task Run_AlwaysTransient_WaitsAsTheServiceAsksOrTwiceAsLongEachTime(int? retryAfter, int[] seconds)
    {
        await Assert.ThrowsAsync<AlertChannelException>(() => RunAsync(new AlertChannelException("team", "busy", isTransient: true) { RetryAfter = retryAfter is { } asked ? TimeSpan.FromSeconds(asked) : null }));

        Assert.Equal(seconds.Select(each => TimeSpan.FromSeconds(each)), attempts);
    }

    [Fact]
    public async Task Run_NotTransient_IsTriedOnce()
    {
        await Assert.ThrowsAsync<AlertChannelException>(() => RunAsync(new AlertChannelException("team", "no", isTransient: false)));

        Assert.Single(attempts);
    }

    [Fact]
    public async Task Run_CancelledByTheCaller_IsCancelled()
    {
        using var stop = new CancellationTokenSource();
        var delivery = new Delivery(DeliveryLimits.Default, time);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivery.RunAsync("team", async token =>
        {
            await stop.CancelAsync();
            token.ThrowIfCancellationRequested();
        }, stop.Token));
    }

    private async Task RunAsync(AlertChannelException outcome)
    {
        var started = time.GetUtcNow();
        var running = new Delivery(DeliveryLimits.Default, time).RunAsync("team", _ =>
        {
            attempts.Add(time.GetUtcNow() - started);
            throw outcome;
        }, TestContext.Current.CancellationToken);
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await running;
    }
}
