using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using PubSub = Google.Cloud.PubSub.V1;

namespace BinAuthz.Cli.Emulation;

/// <summary>Asks the alerting function each minute to do what is due, as a job of Cloud Scheduler does.</summary>
internal sealed class SweepSchedule : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly CancellationTokenSource stop = new();
    private readonly GrpcChannel channel;
    private readonly Task running;

    /// <summary>Starts asking.</summary>
    /// <param name="emulator">Its gRPC address.</param>
    /// <param name="topic">The topic that leads to the function.</param>
    /// <param name="log">Told what goes wrong.</param>
    public SweepSchedule(Uri emulator, string topic, Action<string> log)
    {
        channel = GrpcChannel.ForAddress(emulator);
        running = RunAsync(topic, log);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        channel.Dispose();
        stop.Dispose();
    }

    private async Task RunAsync(string topic, Action<string> log)
    {
        var publisher = new PubSub.Publisher.PublisherClient(channel);
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stop.Token).ConfigureAwait(false))
        {
            var request = new PubSub.PublishRequest { Topic = topic, Messages = { new PubSub.PubsubMessage { Data = ByteString.CopyFromUtf8("""{"sweep":true}""") } } };
            try
            {
                await publisher.PublishAsync(request, deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Interval, cancellationToken: stop.Token).ConfigureAwait(false);
            }
            catch (RpcException error) when (!stop.IsCancellationRequested)
            {
                log($"The sweep of alerts was not asked for: {error.Status.Detail}");
            }
        }
    }
}
