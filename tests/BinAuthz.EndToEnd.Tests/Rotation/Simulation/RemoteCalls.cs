using BinAuthz.EndToEnd.Tests.Alerting;

namespace BinAuthz.EndToEnd.Tests.Rotation.Simulation;

/// <summary>The remote calls of one simulated process: they can be watched, held back for another's, and one of them can be the process' last.</summary>
internal sealed class RemoteCalls(HttpMessageInvoker network) : HttpMessageHandler
{
    private const string RoutingHeader = "x-goog-request-params";
    private int count;
    private int inFlight;
    private volatile bool killed;

    /// <summary>How many have begun.</summary>
    public int Count => Volatile.Read(ref count);

    public int InFlight => Volatile.Read(ref inFlight);

    public bool IsKilled => killed;

    /// <summary>Which call ends the process, counted as <see cref="Count"/>; 0: none.</summary>
    public int KillAt { get; set; }

    /// <summary>Whether that call takes effect.</summary>
    public bool KillAfterEffect { get; set; }

    /// <summary>What happens just before a call, given its number.</summary>
    public Func<int, Task>? Meanwhile { get; set; }

    /// <summary>Lets two processes take turns; null: it is alone.</summary>
    public (Turnstile Turnstile, int Player)? Turn { get; set; }

    /// <summary>Sees a call before it is sent: the method, and the resource that its routing header names.</summary>
    public Func<string, string, Task>? Before { get; init; }

    /// <summary>Sees a call after it was answered.</summary>
    public Func<string, Task>? After { get; init; }

    /// <exception cref="ProcessKilledException">The process is no more.</exception>
    public void ThrowIfKilled()
    {
        if (killed)
        {
            throw new ProcessKilledException();
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref count);
        Interlocked.Increment(ref inFlight);
        try
        {
            ThrowIfKilled();
            if (Turn is not { } turn)
            {
                return await PassAsync(request, number, cancellationToken);
            }

            await turn.Turnstile.EnterAsync(turn.Player, cancellationToken);
            try
            {
                return await PassAsync(request, number, cancellationToken);
            }
            finally
            {
                turn.Turnstile.Leave();
            }
        }
        finally
        {
            Interlocked.Decrement(ref inFlight);
        }
    }

    private async Task<HttpResponseMessage> PassAsync(HttpRequestMessage request, int number, CancellationToken cancellationToken)
    {
        ThrowIfKilled();
        if (Meanwhile is { } meanwhile)
        {
            await meanwhile(number);
        }

        if (number == KillAt && !KillAfterEffect)
        {
            killed = true;
            ThrowIfKilled();
        }

        var method = request.RequestUri!.AbsolutePath[(request.RequestUri.AbsolutePath.LastIndexOf('/') + 1)..];
        await (Before?.Invoke(method, ResourceOf(request)) ?? Task.CompletedTask);
        var response = await network.SendAsync(request, cancellationToken);
        await (After?.Invoke(method) ?? Task.CompletedTask);
        if (number == KillAt)
        {
            killed = true;
        }

        if (killed)
        {
            response.Dispose();
            ThrowIfKilled();
        }

        return response;
    }

    private static string ResourceOf(HttpRequestMessage request) =>
        request.Headers.TryGetValues(RoutingHeader, out var values) && values.FirstOrDefault() is { } header ? Uri.UnescapeDataString(header[(header.IndexOf('=', StringComparison.Ordinal) + 1)..]) : "";
}
