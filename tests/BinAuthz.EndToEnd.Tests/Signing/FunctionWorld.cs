using System.Net;
using BinAuthz.GoogleCloud;

namespace BinAuthz.EndToEnd.Tests.Signing;

/// <summary>The signing function beside a <see cref="SigningWorld"/>.</summary>
internal sealed class FunctionWorld(SigningWorld world, HostedFunction function) : IAsyncDisposable
{
    public SigningWorld World => world;

    public LineLog Log => function.Log;

    public Uri Address => function.Address;

    public static async Task<FunctionWorld> StartAsync(string? policy = null)
    {
        var world = await SigningWorld.StartAsync(policy: policy);
        return new FunctionWorld(world, await HostedFunction.StartAsync("SignImageFunction", "signer", world.Emulator, ("Approval", world.PolicyPath)));
    }

    /// <summary>Posts a message of Artifact Registry.</summary>
    public Task<HttpStatusCode> PostAsync(string data, string messageId = "1001") => function.PostMessageAsync(EventTopics.Pushes, data, messageId);

    public async ValueTask DisposeAsync()
    {
        await function.DisposeAsync();
        await world.DisposeAsync();
    }
}
