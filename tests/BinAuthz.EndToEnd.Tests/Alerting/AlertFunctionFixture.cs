using System.Net;
using BinAuthz.EndToEnd.Tests.Signing;
using BinAuthz.GoogleCloud;

namespace BinAuthz.EndToEnd.Tests.Alerting;

/// <summary>The alerting function beside an <see cref="AlertWorld"/>; started once for its tests.</summary>
public sealed class AlertFunctionFixture : IAsyncLifetime
{
    private AlertWorld? world;
    private HostedFunction? function;

    internal AlertWorld World => world!;

    internal LineLog Log => function!.Log;

    public async ValueTask InitializeAsync()
    {
        world = await AlertWorld.StartAsync();
        function = await HostedFunction.StartAsync("AlertOnDenialFunction", "alerter", world.Emulator, ("Alerts", world.PolicyPath));
    }

    public async ValueTask DisposeAsync()
    {
        await (function?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (world?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>Posts a message of the sink's topic.</summary>
    public Task<HttpStatusCode> PostAsync(string data, string messageId = "1001") => function!.PostMessageAsync(EventTopics.Denials, data, messageId);

    /// <summary>Posts an event.</summary>
    public Task<HttpStatusCode> PostEventAsync(string body, string type, string id) => function!.PostEventAsync(EventTopics.Denials, body, type, id);
}
