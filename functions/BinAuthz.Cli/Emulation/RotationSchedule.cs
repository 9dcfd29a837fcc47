using System.Net.Http.Headers;
using System.Text;

namespace BinAuthz.Cli.Emulation;

/// <summary>Asks the rotating function each hour to do what is due, as a job of Cloud Scheduler with an HTTP target does.</summary>
internal sealed class RotationSchedule : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // docs: scheduler/docs/reference/rpc/google.cloud.scheduler.v1, Job.attempt_deadline: at most 30 minutes.
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(30) };
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    /// <summary>Starts asking.</summary>
    /// <param name="function">Where it takes requests.</param>
    /// <param name="log">Told what goes wrong.</param>
    public RotationSchedule(Uri function, Action<string> log) => running = RunAsync(function, log);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Dispose();
        stop.Dispose();
    }

    /// <summary>A request of the job.</summary>
    /// <param name="function">Where it goes.</param>
    /// <param name="due">When it was due, UTC.</param>
    public static HttpRequestMessage Request(Uri function, DateTimeOffset due)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, function) { Content = new ByteArrayContent("{}"u8.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", Encoding.UTF8.WebName);
        request.Headers.UserAgent.ParseAdd("Google-Cloud-Scheduler");
        request.Headers.Add("X-CloudScheduler", "true");
        request.Headers.Add("X-CloudScheduler-JobName", "rotate-key");
        request.Headers.Add("X-CloudScheduler-ScheduleTime", Rfc3339.Write(due));
        return request;
    }

    private async Task RunAsync(Uri function, Action<string> log)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stop.Token).ConfigureAwait(false))
        {
            try
            {
                using var request = Request(function, TimeProvider.System.GetUtcNow());
                using var response = await http.SendAsync(request, stop.Token).ConfigureAwait(false);
                if (!response.IsSuccessStatusCode)
                {
                    log($"The rotation was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(stop.Token).ConfigureAwait(false)}");
                }
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
            {
                log($"The rotation was not asked for: {error.Message}");
            }
        }
    }
}
