using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using PubSub = Google.Cloud.PubSub.V1;

namespace BinAuthz.Cli.Emulation;

/// <summary>A job of Cloud Scheduler: asks a function again and again to do what is due, over HTTP or by a message.</summary>
internal sealed class ScheduledJob : IAsyncDisposable
{
    // docs: scheduler/docs/reference/rpc/google.cloud.scheduler.v1, Job.attempt_deadline: at most 30 minutes.
    private static readonly TimeSpan AttemptDeadline = TimeSpan.FromMinutes(30);

    private readonly CancellationTokenSource stop = new();
    private readonly IDisposable connection;
    private readonly Task running;

    private ScheduledJob(string name, TimeSpan interval, IDisposable connection, Func<DateTimeOffset, CancellationToken, Task<string?>> ask, Action<string> log)
    {
        this.connection = connection;
        running = RunAsync(name, interval, ask, log);
    }

    /// <summary>A job with an HTTP target.</summary>
    /// <param name="name">The job's.</param>
    /// <param name="interval">How often.</param>
    /// <param name="function">Where the function takes requests.</param>
    /// <param name="log">Told what goes wrong.</param>
    public static ScheduledJob OverHttp(string name, TimeSpan interval, Uri function, Action<string> log)
    {
        var http = new HttpClient { Timeout = AttemptDeadline };
        return new ScheduledJob(name, interval, http, (due, cancellation) => AskAsync(http, name, function, due, cancellation), log);
    }

    /// <summary>A job with a Pub/Sub target.</summary>
    /// <param name="name">The job's.</param>
    /// <param name="interval">How often.</param>
    /// <param name="emulator">Its gRPC address.</param>
    /// <param name="topic">The topic that leads to the function.</param>
    /// <param name="data">Of the message.</param>
    /// <param name="log">Told what goes wrong.</param>
    public static ScheduledJob ByMessage(string name, TimeSpan interval, Uri emulator, string topic, string data, Action<string> log)
    {
        var channel = GrpcChannel.ForAddress(emulator);
        var publisher = new PubSub.Publisher.PublisherClient(channel);
        return new ScheduledJob(name, interval, channel, async (due, cancellation) =>
        {
            var request = new PubSub.PublishRequest { Topic = topic, Messages = { new PubSub.PubsubMessage { Data = ByteString.CopyFromUtf8(data) } } };
            await publisher.PublishAsync(request, deadline: due.UtcDateTime + interval, cancellationToken: cancellation).ConfigureAwait(false);
            return null;
        }, log);
    }

    /// <summary>A request of a job over HTTP.</summary>
    /// <param name="name">The job's.</param>
    /// <param name="function">Where it goes.</param>
    /// <param name="due">When it was due, UTC.</param>
    public static HttpRequestMessage Request(string name, Uri function, DateTimeOffset due)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, function) { Content = new ByteArrayContent("{}"u8.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", Encoding.UTF8.WebName);
        request.Headers.UserAgent.ParseAdd("Google-Cloud-Scheduler");
        request.Headers.Add("X-CloudScheduler", "true");
        request.Headers.Add("X-CloudScheduler-JobName", name);
        request.Headers.Add("X-CloudScheduler-ScheduleTime", Rfc3339.Write(due));
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        connection.Dispose();
        stop.Dispose();
    }

    private static async Task<string?> AskAsync(HttpClient http, string name, Uri function, DateTimeOffset due, CancellationToken cancellationToken)
    {
        using var request = Request(name, function, due);
        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode ? null : $"was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)}";
    }

    private async Task RunAsync(string name, TimeSpan interval, Func<DateTimeOffset, CancellationToken, Task<string?>> ask, Action<string> log)
    {
        using var timer = new PeriodicTimer(interval, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stop.Token).ConfigureAwait(false))
        {
            try
            {
                if (await ask(TimeProvider.System.GetUtcNow(), stop.Token).ConfigureAwait(false) is { } problem)
                {
                    log($"The job {name} {problem}");
                }
            }
            catch (Exception error) when (error is RpcException or HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
            {
                log($"The job {name} asked in vain: {error.Message}");
            }
        }
    }
}
