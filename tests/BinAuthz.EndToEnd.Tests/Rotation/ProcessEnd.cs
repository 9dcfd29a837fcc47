using BinAuthz.EndToEnd.Tests.Alerting;

namespace BinAuthz.EndToEnd.Tests.Rotation;

/// <summary>Ends a process at one of its calls, gRPC and HTTP counted together: nothing that it would do after that is done.</summary>
/// <param name="at">Which call, from 1.</param>
/// <param name="afterIt">Whether the call takes effect.</param>
internal sealed class ProcessEnd(int at, bool afterIt)
{
    private int calls;

    public bool HasStruck { get; private set; }

    /// <summary>What sends the calls of one client; a gRPC channel shares its handler with nobody.</summary>
    public HttpMessageHandler NewHandler() => new Handler(this);

    private sealed class Handler(ProcessEnd end) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            await end.PassAsync(() => base.SendAsync(request, cancellationToken));
    }

    private async Task<HttpResponseMessage> PassAsync(Func<Task<HttpResponseMessage>> send)
    {
        var call = Interlocked.Increment(ref calls);
        if (call < at)
        {
            return await send();
        }

        if (call == at)
        {
            HasStruck = true;
            if (afterIt)
            {
                using var lost = await send();
            }
        }

        throw new ProcessKilledException();
    }
}
