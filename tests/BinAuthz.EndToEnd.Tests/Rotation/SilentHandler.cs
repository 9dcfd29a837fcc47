namespace BinAuthz.EndToEnd.Tests.Rotation;

/// <summary>A service that takes calls and does not answer, until its connections break.</summary>
internal sealed class SilentHandler : HttpMessageHandler
{
    private readonly TaskCompletionSource broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Break() => broken.SetResult();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await broken.Task.WaitAsync(cancellationToken);
        throw new HttpRequestException("The connection was reset.");
    }
}
