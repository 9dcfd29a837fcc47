namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>Does something before the first call of a method.</summary>
/// <param name="method">The end of its address.</param>
/// <param name="act">What is done.</param>
internal sealed class CallHook(string method, Func<Task> act) : DelegatingHandler(new SocketsHttpHandler())
{
    private int calls;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.AbsolutePath.EndsWith(method, StringComparison.Ordinal) && Interlocked.Increment(ref calls) == 1)
        {
            await act();
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
