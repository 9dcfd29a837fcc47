namespace BinAuthz.EndToEnd.Tests.Alerting;

/// <summary>Ends a process at one of its calls of Cloud Storage: nothing that it would do after that is done.</summary>
/// <param name="at">Which call, from 1; 0: none.</param>
/// <param name="afterIt">Whether the call takes effect.</param>
internal sealed class KillSwitch(int at, bool afterIt) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    private int calls;

    public bool HasStruck { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = Interlocked.Increment(ref calls);
        if (at > 0 && call > at)
        {
            throw new ProcessKilledException();
        }

        if (call == at)
        {
            HasStruck = true;
            if (afterIt)
            {
                using var lost = await base.SendAsync(request, cancellationToken);
            }

            throw new ProcessKilledException();
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
